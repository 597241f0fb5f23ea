"""Messages between the people and rooms of this home, and announcements to all.

Reading a message marks it as read; until then, sending it can be taken back. This file says which tools there
are; the work is done beside it.
"""

from __future__ import annotations

from datetime import datetime

from services.kit import Alert, Context, Service
from services.messages import board, notices, people, post, talk
from services.messages.people import HOME

service = Service(__file__, tables=people.TABLES + post.TABLES + board.TABLES)

service.tool(
    "reversible",
    examples=[
        "tell Bob that dinner is ready",
        "send Anna a message: I'll be late tonight",
        "message Tom that the parcel has come",
        "let Lena know the bike is fixed",
        "leave a message in the kitchen: the soup is for everyone",
        "write to Marie, did you feed the cat?",
        "tell everyone we leave in ten minutes",
        "text Karl the door is open",
        "could you pass on to Nora that her mother rang",
        "say to Emil that I'm in the garden",
        "drop Ivan a line, the keys are under the mat",
        "tell the workshop that lunch is on the table",
        "let everybody know that grandma is coming on Sunday",
        "send a message to Olga saying thanks for the cake",
    ],
)(talk.send)
service.tool(
    "reversible",
    examples=[
        "read my new messages",
        "do I have any messages?",
        "any messages from Bob?",
        "what did Anna write to me?",
        "read me my messages",
        "are there unread messages?",
        "has anyone left me a message?",
        "did somebody write to me while I was out?",
        "check my messages please",
        "what's new in my inbox of this house?",
        "let me hear what the others sent",
    ],
)(talk.new)
service.tool(
    "reversible",
    examples=[
        "show my conversation with Bob",
        "what did Anna and I write to each other?",
        "read the last 5 messages with Tom",
        "open the chat with Lena",
        "show what was written in the kitchen",
        "go through my exchange with Nora",
        "how did the talk with Karl go on?",
        "could you show me everything between me and Emil",
    ],
)(talk.conversation)
service.tool(
    "read",
    examples=[
        "search my messages for the chimney sweep",
        "find the message about the dentist",
        "which message mentioned the concert?",
        "look through the messages for parking",
        "did anyone write me something about keys?",
        "where did Anna write about the tickets?",
        "find what Tom sent me about the boiler",
        "search the messages with Lena for holiday",
    ],
)(talk.search)
service.tool(
    "reversible",
    examples=[
        "reply that I'm on my way",
        "answer: yes please",
        "reply to Bob's message, five o'clock is fine",
        "write back that I can't make it",
        "answer Anna's message with thank you",
        "respond that I have them",
        "reply no problem",
        "could you answer that I'll bring bread",
        "get back to Tom on his message: not today",
    ],
)(talk.reply)
service.tool(
    "reversible",
    examples=[
        "mark all messages as read",
        "mark Bob's messages as read",
        "I've seen the messages from Anna already",
        "no need to read me the new messages, tick them off",
        "set my messages to read",
        "treat everything in the messages as read",
        "could you clear the unread messages of the kitchen",
    ],
)(talk.mark_read)
service.tool(
    "read",
    examples=[
        "has Bob read my message?",
        "did Anna see what I sent?",
        "was my last message read?",
        "has anybody opened the message I left in the kitchen?",
        "which of my messages are still unread by Tom?",
        "is my message to Lena still waiting?",
        "did they get my message?",
    ],
)(talk.receipts)
service.tool(
    "reversible",
    examples=[
        "delete my message to Bob",
        "delete that message",
        "remove the message about the keys",
        "take down what I wrote in the kitchen",
        "erase my last message",
        "I don't want the message to Anna to stay there",
        "throw away the message from Tom",
        "get rid of that note to Lena in the chat",
    ],
)(talk.delete)
service.tool(
    "reversible",
    examples=[
        "announce that the water will be off tomorrow morning",
        "pin an announcement: rent is due on Friday",
        "put up a notice for everybody, visitors on Saturday",
        "make an announcement to the whole house: no loud music after ten",
        "announce until Sunday that the lift is broken",
        "post on the board that the bins go out tonight",
        "hang up a notice: please close the gate",
        "could you announce dinner at eight",
    ],
)(notices.announce)
service.tool(
    "read",
    examples=[
        "what announcements are there?",
        "is there anything on the notice board?",
        "read the announcements",
        "what has been announced?",
        "show the pinned notices",
        "any announcements for the house?",
        "what's up on the board?",
        "which notices are hanging there now?",
    ],
)(notices.announcements)
service.tool(
    "reversible",
    examples=[
        "take the announcement down",
        "unpin the announcement about the water",
        "remove my notice from the board",
        "the lift works again, take that announcement off",
        "withdraw what I announced",
        "cancel the announcement about visitors",
        "the notice can come down now",
    ],
)(notices.unpin)
service.tool(
    "reversible",
    examples=[
        "count me in for messages",
        "I'd like to get messages here",
        "let the others write to me",
        "sign me up for the house messages",
        "make me known to the others for messages",
        "people should be able to send me messages in this room",
    ],
)(talk.join)
service.undoing(post.refuse_if_read)


@service.shared_names
def known(ctx: Context) -> dict[str, list[str]]:
    """Who can be written to."""
    rooms = [room for room in people.rooms(ctx) if room != HOME]
    return {"member": [*people.people(ctx), *rooms, "everyone"]}


def next_due(ctx: Context) -> datetime | None:
    """When someone is to be told of something: at once, if there is anything."""
    waiting = [at for at in (post.next_waiting(ctx), board.next_untold(ctx)) if at is not None]
    return min(waiting, default=None)


@service.due(next_due)
def due(ctx: Context) -> list[Alert]:
    """Who has to be told of a message or an announcement."""
    return [*post.tell(ctx), *board.tell(ctx)]


@service.erasing
def erase_name(ctx: Context, member: str) -> None:
    """Nobody can write to them any more."""
    ctx.db.execute("DELETE FROM person WHERE name=?", (member,))


if __name__ == "__main__":
    service.run()
