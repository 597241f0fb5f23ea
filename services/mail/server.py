"""Mail: each member's own, on their own servers, by IMAP and SMTP.

This file says which tools there are; the work is done beside it.
"""

from __future__ import annotations

from services.kit import Context, Service
from services.mail import reading, sorting, triage, writing

service = Service(__file__, tables=writing.TABLES)

service.tool(
    "read",
    examples=[
        "do I have new mail?",
        "any unread emails?",
        "check my mail",
        "is there an email from Ruth I haven't read?",
        "how many unread mails are in my inbox?",
        "what came in the post box of my email today?",
        "has the bank mailed me anything new?",
        "anything new in my mailbox?",
        "see whether the school has emailed",
    ],
)(reading.unread)
service.tool(
    "read",
    examples=[
        "show my latest emails",
        "list the mails in the archive",
        "which emails did I get from Peter since Monday?",
        "show me the last 5 emails",
        "what's in my sent mail?",
        "go through my inbox",
        "list emails from the landlord",
        "which mails are in the spam folder?",
    ],
)(reading.list_)
service.tool(
    "read",
    examples=[
        "read me the email from Ruth",
        "open the mail about the boiler",
        "what does the email from the school say?",
        "read the latest email",
        "show me that mail in full",
        "read out the second email",
        "what did the landlord write in his mail?",
        "let me see the email with the subject invoice",
    ],
)(reading.read)
service.tool(
    "read",
    examples=[
        "search my email for boarding pass",
        "find the mail about the warranty",
        "look in my mails for the tax number",
        "search the archive of my email for invoice",
        "which email mentions the parking permit?",
        "find emails from Peter about the boat",
        "did anyone email me about the reunion since January?",
        "dig up the email with the booking code",
    ],
)(reading.search)
service.tool(
    "read",
    examples=[
        "which email needs an answer?",
        "triage my inbox",
        "what mails do I still have to answer?",
        "sort through my email and tell me what matters",
        "which emails can I ignore?",
        "is there any important mail waiting for a reply?",
        "help me get through my inbox",
        "who is waiting for an email from me?",
    ],
)(triage.triage)
service.tool(
    "read",
    examples=[
        "which mail folders do I have?",
        "list the folders of my mailbox",
        "how many emails are in each folder?",
        "how full is my mailbox?",
        "name my email folders",
        "show the mail folders with unread counts",
    ],
)(reading.folders)
service.tool(
    "read",
    examples=[
        "what is attached to the email from Ruth?",
        "does the mail about the boiler have attachments?",
        "list the files in that email",
        "which attachments came with the invoice mail?",
        "is there a file in the landlord's email?",
        "show the attachments of the latest mail",
    ],
)(reading.attachments)
service.tool(
    "reversible",
    examples=[
        "save the attachment of the email from Ruth",
        "download the files from the invoice mail",
        "save the pdf from the latest email",
        "store the photos that came with Peter's mail",
        "keep the attachment of that email in my folder",
        "get the ticket out of the mail from the railway",
    ],
)(reading.save_attachment)
service.tool(
    "irreversible",
    examples=[
        "send an email to Ruth saying the parcel has come",
        "email peter@example.org that I'll be there at six",
        "write a mail to the landlord: the heating is broken",
        "mail Olga with the subject holidays that we are back on Sunday",
        "send Emil an email, subject rent, saying it is paid",
        "shoot Viktor an email that the meeting is off",
        "please email the plumber that Tuesday suits us",
        "send a mail to anna@example.com and bob@example.com: dinner is at eight",
    ],
    shown=True,
)(writing.send)
service.tool(
    "irreversible",
    examples=[
        "reply to the email from Ruth that I agree",
        "answer the boiler mail: Tuesday is fine",
        "write back to the school's email that Lena is ill",
        "respond to that email saying thanks",
        "answer the latest mail with yes please",
        "email back the landlord that it works again",
        "reply to Peter's mail that I can't come",
    ],
    shown=True,
)(writing.reply)
service.tool(
    "irreversible",
    examples=[
        "forward the email from Ruth to Peter",
        "pass the invoice mail on to books@example.org",
        "forward that email to Olga saying please have a look",
        "send the landlord's mail on to Emil",
        "forward the latest email to me@example.net",
        "let Viktor have the mail about the boiler too, forward it",
    ],
    shown=True,
)(writing.forward)
service.tool(
    "reversible",
    examples=[
        "draft an email to Ruth saying we accept the offer",
        "write a draft to the landlord: the lift is stuck",
        "prepare a mail to Peter about the boat, don't send it yet",
        "make an email draft for Olga that the keys are with us",
        "draft a mail to school@example.org with the subject absence",
        "put together an email to Emil but keep it as a draft",
    ],
)(writing.draft)
service.tool(
    "read",
    examples=[
        "which email drafts do I have?",
        "show my drafts",
        "list the mails that I haven't sent yet",
        "are there any unsent drafts?",
        "read my email drafts",
        "what drafts are lying around?",
    ],
)(writing.drafts)
service.tool(
    "irreversible",
    examples=[
        "send the draft",
        "send my draft to Ruth",
        "the draft about the offer can go out now",
        "mail off the draft for the landlord",
        "send that draft now",
        "let the email draft to Olga go",
    ],
    shown=True,
)(writing.send_draft)
service.tool(
    "reversible",
    examples=[
        "archive the email from Ruth",
        "put the boiler mail into the archive",
        "archive that email",
        "I'm done with the mail from the school, archive it",
        "clear the invoice mail out of my inbox into the archive",
        "archive the latest email",
    ],
)(sorting.archive)
service.tool(
    "reversible",
    examples=[
        "delete the email from Ruth",
        "trash the newsletter mail",
        "throw the latest email away",
        "put that mail in the trash",
        "get rid of the email about the raffle",
        "bin the mail from the shop",
    ],
)(sorting.trash)
service.tool(
    "reversible",
    examples=[
        "move the email from Ruth to the folder family",
        "put the invoice mail into receipts",
        "file the boiler mail under house",
        "move that email to spam",
        "shift the latest mail to the folder work",
        "move the mail about the raffle back to the inbox",
    ],
)(sorting.move)
service.tool(
    "reversible",
    examples=[
        "mark the email from Ruth as read",
        "flag the boiler mail",
        "mark that email as unread",
        "star the mail from the school",
        "the invoice mail is important, mark it",
        "take the flag off the landlord's email",
        "set the latest email to read",
    ],
)(sorting.mark)
service.tool(
    "reversible",
    examples=[
        "mark all my emails as read",
        "set the whole inbox of my mail to read",
        "mark every mail in the folder lists as read",
        "all email read please",
        "clear the unread marks in my mailbox",
    ],
)(sorting.mark_all_read)
service.undoing(sorting.put_back)


@service.names
def known(ctx: Context) -> dict[str, list[str]]:
    """The subjects of the member's drafts."""
    return {"draft": [row["subject"] for row in writing.all_drafts(ctx)]}


if __name__ == "__main__":
    service.run()
