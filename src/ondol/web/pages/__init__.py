"""The pages a person looks at: one file a page."""

from flask import Flask

from ondol.web.pages import (
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
    meters,
    password,
    point,
    point_edit,
    portfolio,
    preferences,
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
