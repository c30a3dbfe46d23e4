/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The judge's catalogue: what several probes prove together, and what happened to a probe itself. */

#include "judge.h"

const MdFindingInfo judge_catalog[] = {
        {
                .id = "settings.security-found", .severity = MD_SEVERITY_INFO, .actor = MD_ACTOR_USER,
                .stage = MD_STAGE_CONFIG, .setting = "security",
                .title = N_("Connection security {suggested} with port {port} works for {host}"),
                .meaning = N_("The security was left open, so the usual ones were tried, and this one works."),
                .remedy = N_("Set the connection security of the app to {suggested} and the port to {port}."),
                .standard = "RFC 8314 section 3",
                .since = "0.1",
        },
        {
                .id = "auth.username-form", .severity = MD_SEVERITY_ERROR, .actor = MD_ACTOR_USER,
                .stage = MD_STAGE_AUTH, .setting = "username",
                .title = N_("{host} knows the user as {suggested}, not as {value}"),
                .meaning = N_("The login with the configured user name was refused; the same password with the other "
                              "form of it was accepted. Providers want either the whole address or the part before "
                              "the @."),
                .remedy = N_("Set the user name to {suggested}, for receiving and for sending."),
                .since = "0.1",
        },
        {
                .id = "policy.login-budget", .severity = MD_SEVERITY_WARNING, .actor = MD_ACTOR_USER,
                .stage = MD_STAGE_POLICY,
                .title = N_("No login was tried at {host}: this account has none left for {minutes} minutes"),
                .meaning = N_("So that no provider locks the account, maildiag makes only a few logins: of each account at "
                              "most three that are refused in 30 minutes and 96 in a day, and none for a while after "
                              "the server has asked to wait. They are used up, so only the connection was checked."),
                .remedy = N_("Check the password in the webmail meanwhile, then try again after {again}. Whoever is sure "
                             "that another login does no harm can make it now with --ignore-login-budget."),
                .since = "0.1",
        },
        {
                .id = "internal.worker-lost", .severity = MD_SEVERITY_ERROR, .actor = MD_ACTOR_COMPUTER,
                .stage = MD_STAGE_POLICY,
                .title = N_("The check of {host} could not be finished: its process ended ({reason})"),
                .meaning = N_("The process that spoke with the server died before it had a verdict. That says nothing "
                              "about the settings; it is a fault of maildiag, of a plugin or of this computer."),
                .remedy = N_("Try again; if it stays so, report it with the name of the server."),
                .since = "0.1",
        },
        {
                .id = "internal.overdue", .severity = MD_SEVERITY_ERROR, .actor = MD_ACTOR_COMPUTER,
                .stage = MD_STAGE_POLICY,
                .title = N_("The check of {host} took too long and was ended in step {step}"),
                .meaning = N_("The time that was allowed for this check was over before it had a verdict."),
                .remedy = N_("Allow more time, for example with --timeout 60."),
                .since = "0.1",
        },
        {
                .id = "internal.bad-record", .severity = MD_SEVERITY_ERROR, .actor = MD_ACTOR_COMPUTER,
                .stage = MD_STAGE_POLICY,
                .title = N_("The check of {host} was ended because its process broke the rules"),
                .meaning = N_("What the process reported was not in order, so nothing that it said can be trusted. A "
                              "faulty plugin, or a server that found a fault in one."),
                .remedy = N_("Do not log in at this server from this computer for now, and report it."),
                .since = "0.1",
        },
        {
                .id = "internal.not-started", .severity = MD_SEVERITY_ERROR, .actor = MD_ACTOR_COMPUTER,
                .stage = MD_STAGE_POLICY,
                .title = N_("The check of {host} could not be started: {reason}"),
                .meaning = N_("The process for it was not created, so nothing is known about the settings."),
                .remedy = N_("Free memory or wait a moment, then try again."),
                .since = "0.1",
        },
};

const size_t judge_catalog_size = sizeof(judge_catalog) / sizeof(judge_catalog[0]);
