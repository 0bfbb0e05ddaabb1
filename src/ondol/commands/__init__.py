"""The commands, one file a group. Each imports what it needs when it runs, so that `ondol` starts quickly."""

import typer


def register(app: typer.Typer) -> None:
    """Add every command."""
    from ondol.commands import (
        adopt,
        audit,
        building,
        check,
        config,
        db,
        forecast,
        import_,
        init,
        migrate_sqlite,
        serve,
        token,
        user,
        worker,
    )

    app.command("serve")(serve.serve)
    app.command("worker")(worker.work)
    app.command("demo")(serve.demo)
    app.command("import")(import_.import_files)
    app.command("check")(check.check)
    app.command("init")(init.init)
    app.command("migrate-sqlite")(migrate_sqlite.migrate)
    app.command("config")(config.show)
    groups = {
        "adopt": adopt.app,
        "audit": audit.app,
        "building": building.app,
        "user": user.app,
        "token": token.app,
        "db": db.app,
        "forecast": forecast.app,
    }
    for name, group in groups.items():
        app.add_typer(group, name=name)
