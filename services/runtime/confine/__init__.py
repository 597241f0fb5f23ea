"""Confinement: what a service's process can't do, whatever its code says, because the kernel refuses it.

    spec      what one service may, as plain values that fit into a message
    rights    that, from a manifest and what a person has set (in the hub)
    prison    the whole, applied by a process to itself just before it runs the service
    landlock, seccomp, namespaces, limits   the kernel's means, one file each
    enforcement   what is in force here and what is not, in words for people

Must stay true: nothing here needs a privilege, and what the kernel offers but fails to do ends the process rather
than let the service run without. Standard library only: the template loads this. Where Landlock, seccomp or
namespaces are missing (an older kernel, macOS) the service runs with what is left, and `enforcement` says so.
"""
