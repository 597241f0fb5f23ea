"""What is asked before a mail goes out: who it goes to and what it says, as far as only the mailbox knows it."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from pathlib import Path

import sqlalchemy as sa

from agent.policy import Guarded
from services.runtime.manifest import read_manifest
from services.runtime.settings import ServiceSettings
from services.runtime.supervisor import BUILT_IN, Supervisor
from services.tool import Call, Caller, Done, Failed, Waiting
from tests.services.mail.conftest import LUNCH
from tests.services.mailserver import MailServer

CALLER = Caller("owner", "home", "Europe/Paris", datetime.fromisoformat("2026-03-04T09:00:00+01:00"))


async def test_a_yes_is_asked_for_with_the_address_that_the_answer_goes_to(server: MailServer, tmp_path: Path) -> None:
    server.deliver(LUNCH.replace("\nTo:", "\nReply-To: Eve <eve@example.net>\nTo:"))
    engine = sa.create_engine("sqlite://", poolclass=sa.StaticPool, connect_args={"check_same_thread": False})
    settings = ServiceSettings(engine)
    for name, value in server.settings.items():
        settings.put(read_manifest(BUILT_IN / "mail"), CALLER.member, name, value)
    answer = Call("mail_reply", {"email": "lunch", "text": "Friday is fine"}, CALLER)
    said = "to Eve <eve@example.net>, subject Re: Lunch on Friday: Friday is fine."
    async with Supervisor([BUILT_IN / "mail"], home=tmp_path, settings=settings) as supervisor:
        guarded = Guarded(supervisor)
        asked = await guarded.call(answer)
        assert isinstance(asked, Waiting)
        assert asked.question == f"Would send {said} This can't be undone. Say yes to go on, or no."
        assert server.outgoing == []
        refused = await guarded.call(replace(answer, arguments={"email": "holiday", "text": "no"}))
        assert isinstance(refused, Failed)
        assert refused.reason == "I find no email about 'holiday'."
        done = await guarded.call(replace(answer, confirmed=True))
        assert isinstance(done, Done)
        assert done.text == f"Sent {said}"
    assert [mail.rcpt_tos for mail in server.outgoing] == [["eve@example.net"]]
    engine.dispose()
