"""The routes of workspaces under generated requests: a documented answer and never a 500."""

from __future__ import annotations

from tempfile import TemporaryDirectory
from typing import Any

import generated  # noqa: F401 - knows how to send a spreadsheet
import schemathesis
from hypothesis import HealthCheck, Phase, settings
from schemathesis import Case
from schemathesis.specs.openapi.checks import negative_data_rejection, positive_data_acceptance
from stores import settle_in, within

from app.coach.flow import Coach
from app.config import Settings
from app.main import create_app
from app.services.store import Scope

FOLDER = TemporaryDirectory()
URL = f"sqlite:///{FOLDER.name}/okrs.db"
WORKSPACE, TOKENS = within(URL, settle_in)
app = create_app(Settings(database_url=URL), Coach())
schema = schemathesis.openapi.from_asgi("/openapi.json", app).include(path_regex="^/v1/(workspaces|feedback)")


@schema.parametrize()
@settings(
    max_examples=8,
    deadline=None,
    derandomize=True,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)
def test_every_route_answers_what_it_documents(case: Case[Any]) -> None:
    case.headers["Authorization"] = f"Bearer {TOKENS[Scope.ADMIN]}"
    if "workspace" in case.path_parameters:
        case.path_parameters["workspace"] = WORKSPACE
    response = case.call()
    case.validate_response(response, excluded_checks=[positive_data_acceptance, negative_data_rejection])
