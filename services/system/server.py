"""How this machine is doing. All reads, through psutil."""

from __future__ import annotations

import ipaddress
import os
import time
from datetime import timedelta
from typing import Annotated, Any, Literal

import psutil
from pydantic import Field

from services.kit import Context, Refusal, Reply, Service
from services.kit.speech import counted, spoken, spoken_duration

service = Service(__file__)

SAMPLE_SECONDS = 0.3
"""Over which the use of the processor is measured: shorter is too coarse, longer is felt."""
NOT_DISKS = {"squashfs", "iso9660", "tmpfs", "devtmpfs", "overlay", "proc", "sysfs", "cgroup", "cgroup2"}
SPOKEN_LENGTH = 30


@service.tool(
    "read",
    examples=[
        "how much disk space is free?",
        "is the hard drive full?",
        "how much storage is left here?",
        "how full are the disks?",
        "how many gigabytes remain on the drive?",
        "could I still fit a big download on the drive?",
        "free space please",
        "are we low on storage?",
        "is there enough room for more photos on this machine?",
        "how large is the disk?",
        "will 20 GB still go on the drive?",
        "how many GB are free on the disk?",
    ],
)
def disk(ctx: Context) -> Reply:
    """Say how much disk space (storage) is left on this machine, where MuOS keeps its data and on other disks."""
    home = psutil.disk_usage(str(ctx.folder))
    others = other_disks(ctx)
    said = [f"{size(row['free'])} of {size(row['total'])} on {row['path']}" for row in others]
    text = f"{size(home.free)} of {size(home.total)} are free on the disk where I keep my data."
    return Reply(
        text + (f" Elsewhere: {spoken(said)}." if said else ""),
        {"free": home.free, "total": home.total, "percent": home.percent, "others": others},
    )


@service.tool(
    "read",
    examples=[
        "how much memory is free?",
        "is the RAM full?",
        "how much memory is being used?",
        "am I running out of RAM?",
        "memory usage please",
        "how many gigabytes of RAM does this machine have?",
        "could you check the working memory",
        "is there enough memory left?",
    ],
)
def memory(ctx: Context) -> Reply:
    """Say how much memory (RAM) of this machine is free and how much is used in all."""
    ram, swap = psutil.virtual_memory(), psutil.swap_memory()
    swapped = f" {size(swap.used)} are swapped out." if swap.used else ""
    return Reply(
        f"{size(ram.available)} of {size(ram.total)} memory are free.{swapped}",
        {"available": ram.available, "total": ram.total, "percent": ram.percent, "swap_used": swap.used},
    )


@service.tool(
    "read",
    examples=[
        "how's the battery?",
        "how much charge is left?",
        "is the laptop plugged in?",
        "how long will the battery last?",
        "state of the battery please",
        "do I have to charge the computer?",
        "how many percent has the battery got?",
        "is the laptop being charged right now?",
        "could we run much longer without the charger?",
    ],
)
def battery(ctx: Context) -> Reply:
    """Say how full the battery is, and whether it is charging."""
    # psutil has no sensors_battery where the platform has none
    found = getattr(psutil, "sensors_battery", lambda: None)()
    if found is None:
        return Reply("This machine has no battery.", {"battery": None})
    state = "and plugged in" if found.power_plugged else "and not plugged in"
    left = f", with {spoken_duration(timedelta(seconds=found.secsleft // 60 * 60))} left" if found.secsleft > 60 else ""
    return Reply(
        f"The battery is at {found.percent:.0f}% {state}{left}.",
        {"battery": {"percent": found.percent, "plugged": found.power_plugged}},
    )


@service.tool(
    "read",
    examples=[
        "how busy is the computer?",
        "how high is the CPU load at the moment?",
        "is the processor busy?",
        "how hard is the machine working?",
        "processor usage right now",
        "is the CPU under heavy load?",
        "could you check how loaded the system is",
        "how much of the processor is in use?",
    ],
)
def load(ctx: Context) -> Reply:
    """Say how busy the processor (CPU) is as a whole, now and over the last minutes."""
    now, cores = psutil.cpu_percent(interval=SAMPLE_SECONDS), psutil.cpu_count() or 1
    one, five, fifteen = psutil.getloadavg()
    work = f"there was work for {five:.1f} of its {counted(cores, 'core')}"
    return Reply(
        f"The processor is {now:.0f}% busy; over the last 5 minutes {work}.",
        {"percent": now, "cores": cores, "load": [one, five, fifteen]},
    )


@service.tool(
    "read",
    examples=[
        "how long has the computer been running?",
        "what's the uptime?",
        "when did the machine last reboot?",
        "for how many hours has the box been switched on?",
        "since when is the system up?",
        "time since the last reboot",
        "when did you boot?",
        "could you tell me how many days it has been up",
    ],
)
def uptime(ctx: Context) -> Reply:
    """Say how long this machine has been running."""
    # The machine's own clock on both sides: this is no moment that a request names.
    seconds = max(0.0, time.time() - psutil.boot_time())
    running = timedelta(seconds=seconds // 60 * 60 if seconds >= 60 else seconds)
    return Reply(f"The machine has been running for {spoken_duration(running)}.", {"seconds": round(seconds)})


@service.tool(
    "read",
    examples=[
        "which programs use the most memory?",
        "what is eating the CPU?",
        "show the biggest processes",
        "what's slowing the computer down?",
        "top five processes by memory",
        "why is everything so slow?",
        "what takes up all the RAM?",
        "which app is hogging the processor?",
        "could you list the ten heaviest programs",
        "what is running on this machine?",
        "running processes please",
        "which process uses up so much of my memory?",
        "the four biggest CPU hogs",
    ],
)
def processes(
    ctx: Context,
    by: Annotated[Literal["memory", "cpu"], Field(description="What they use most of")] = "memory",
    count: Annotated[int, Field(description="How many to name", ge=1, le=50)] = 5,
) -> Reply:
    """Name the programs that use the most memory or processor (CPU) on this machine: which app makes it slow."""
    rows = by_cpu() if by == "cpu" else by_memory()
    top = sorted(rows, key=lambda row: (-row[by], row["name"]))[:count]
    if not top:
        raise Refusal("I may not see this machine's processes.")
    said = [f"{row['name']} ({size(row[by]) if by == 'memory' else f'{row[by]:.0f}%'})" for row in top]
    most = "memory" if by == "memory" else "processor time"
    return Reply(f"Using the most {most}: {spoken(said)}.", {"by": by, "processes": top})


@service.tool(
    "read",
    examples=[
        "what's my IP address?",
        "show the network addresses",
        "which address does this machine have on the network?",
        "local address please",
        "what IP do I have in the wifi?",
        "could you give me this computer's IP",
        "under which address can I reach the hub?",
        "list the network interfaces",
    ],
)
def addresses(ctx: Context) -> Reply:
    """Give this machine's addresses on its networks."""
    found = [
        {"interface": interface, "address": address.address.split("%")[0]}
        for interface, rows in psutil.net_if_addrs().items()
        for address in rows
        if is_reachable(address.address.split("%")[0])
    ]
    if not found:
        return Reply("This machine is on no network.", {"addresses": []})
    said = [f"{row['address']} ({row['interface']})" for row in found[:6]]
    return Reply(f"This machine's addresses: {spoken(said)}.", {"addresses": found})


def other_disks(ctx: Context) -> list[dict[str, Any]]:
    """Real disks but the one that holds our data, once each."""
    seen = {os.stat(ctx.folder).st_dev}
    found = []
    for part in psutil.disk_partitions(all=False):
        try:
            device, usage = os.stat(part.mountpoint).st_dev, psutil.disk_usage(part.mountpoint)
        except OSError:
            continue  # not ours to look at, or gone
        is_folder = os.path.isdir(part.mountpoint)
        if device not in seen and is_folder and part.fstype not in NOT_DISKS and usage.total:
            seen.add(device)
            found.append({"path": part.mountpoint, "free": usage.free, "total": usage.total, "percent": usage.percent})
    return found


def by_memory() -> list[dict[str, Any]]:
    """Each process with its resident memory in bytes."""
    rows = psutil.process_iter(["pid", "name", "memory_info"])
    return [
        {"pid": row.info["pid"], "name": short(row.info["name"]), "memory": row.info["memory_info"].rss}
        for row in rows
        if row.info["memory_info"]
    ]


def by_cpu() -> list[dict[str, Any]]:
    """Each process with its share of one core in per cent, over the sample."""
    running = list(psutil.process_iter(["pid", "name"]))
    for process in running:
        measured(process)
    time.sleep(SAMPLE_SECONDS)
    return [{"pid": p.pid, "name": short(p.info["name"]), "cpu": measured(p)} for p in running]


def measured(process: psutil.Process) -> float:
    """Its use since this was last asked; zero for one that is gone."""
    try:
        return process.cpu_percent()
    except psutil.Error:
        return 0.0


def short(name: str | None) -> str:
    """A name that can be said."""
    return (name or "unnamed")[:SPOKEN_LENGTH]


def size(count: float) -> str:
    """Bytes as people say them: 12.3 GB, in powers of ten as disks are sold."""
    for unit in ("bytes", "kB", "MB", "GB"):
        if count < 1000:
            return f"{count:.0f} {unit}" if unit == "bytes" or count >= 100 else f"{count:.1f} {unit}"
        count /= 1000
    return f"{count:.1f} TB"


def is_reachable(text: str) -> bool:
    """An address that others on the network can use."""
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return False
    return not (address.is_loopback or address.is_link_local or address.is_unspecified)


if __name__ == "__main__":
    service.run()
