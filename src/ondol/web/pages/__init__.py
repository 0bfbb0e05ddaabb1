"""The pages a person looks at: one file a page."""

from flask import Flask

from ondol.web.pages import (
    account,
    api_docs,
    assets,
    audit,
    building,
    connect,
    data_quality,
    devices,
    display,
    errors,
    imports,
    join,
    meters,
    password,
    people,
    point,
    point_edit,
    portfolio,
    preferences,
    recover,
    refused,
    repairs,
    sign_in,
    signed_in,
    virtual_point,
)


def register(app: Flask) -> None:
    """Add all pages, their error pages, the built assets and the template functions to the application."""
    assets.register(app)
    preferences.register(app)
    display.register(app)
    errors.register(app)
    for page in (
        sign_in,
        password,
        join,
        recover,
        account,
        people,
        portfolio,
        building,
        point,
        point_edit,
        repairs,
        data_quality,
        imports,
        meters,
        virtual_point,
        devices,
        connect,
        signed_in,
        audit,
        refused,
        api_docs,
    ):
        app.register_blueprint(page.blueprint)
    app.register_blueprint(account.by_link)
