/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * What daemon and worker say to each other: records over one SOCK_SEQPACKET socket, one in each datagram to the
 * worker, one or several in each datagram from it.
 *
 * The daemon starts it as "maildiag-worker --socket=N --plugin-dir=DIR", N being its end of the socket, with
 * nothing else open but standard input (/dev/null), output and error (a pipe to the daemon, one message a
 * line), and with almost no environment.  One that is given "--discovery", too, runs the plugins of the sub-folder of
 * that name.  It ends on end of file of the socket, and when the daemon dies.
 *
 * From the worker, at start, once per file of the plugin directory (and for each refused one), then "ready":
 *   "plugin"    name (of a refused one its file), file,
 *               state ("loaded" | "failed"), error (why not), version, summary, abi (number),
 *               kind ("protocol" | "discovery" | "source"), purpose ("receive" | "send" | "other"),
 *               network (truth: its probes have one)
 *   "endpoint"  plugin, port, security, service                            per default port
 *   "path"      plugin, path                                               per file or folder that a source reads
 *   "finding"   plugin, code, severity, actor, stage, setting, title, meaning, remedy, standard, since
 *   "rule"      plugin, code, also, stages, reply-code, enhanced, pattern, when (number), provider, source, date:
 *               one of <maildiag/reply.h>, in the order of the plugin
 *   "ready"     plugins (number), landlock (number: the ABI of the kernel; 0: it has none)
 *
 * After that, from the worker of the dialogues alone, when it is known and whenever it became another:
 *   "network"   state ("online" | "local" | "offline"), changed (truth: it was another before)
 *
 * From the daemon:
 *   "probe"     a target (md_target_to_record()), id, with its descriptors: a server, an address, or a home directory
 *   "kill"      id
 *
 * From the worker, for each probe, exactly once:
 *   "exit"      id, and one of status (number, 0: it ran), signal (number), refused (text: it was not
 *               started)
 *
 * The records of a probe do not pass through the worker: the probe writes them to the descriptor "fd-records"
 * of its request, one or several in each datagram.  Their kinds: "step", "attempt", "greeting", "capability", "tls",
 * "certificate", "mechanism", "reply", "fact", "transcript", "candidate", "precondition", "provider", "resembles",
 * "account", "service", "value", "fault", "watch", "finding", "end" (see README of plugins/sdk).
 */

#define WORKER_PROBES_MAX 64u           /* probes that one worker runs at a time */
