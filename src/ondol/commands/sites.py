"""Changing sites: through the running server where there is one, so that its pages show the change at once."""

from contextlib import closing
from dataclasses import asdict

from ondol.commands.running_server import answer_of, find_server
from ondol.commands.settings import operator
from ondol.config import Settings
from ondol.sites import NewBuilding


def create_building(settings: Settings, new: NewBuilding) -> None:
    """Create a building. Raises InvalidInput, AlreadyExists."""
    server = find_server(settings)
    if server is not None:
        body = {name: value for name, value in asdict(new).items() if name != "is_synthetic"}
        with closing(server):
            answer_of(server.post("/api/v1/buildings", json=body))
        return
    from ondol.business_data import open_business_data

    with closing(open_business_data(settings)) as data:
        data.sites.create_building(operator(), new)
