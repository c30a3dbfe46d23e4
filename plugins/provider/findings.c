/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The findings that only this plugin raises. */

#include "provider.h"

const MdFindingInfo provider_findings[PROVIDER_FINDINGS] = {
        {
                .id = "provider.bad-line", .severity = MD_SEVERITY_WARNING, .actor = MD_ACTOR_ADMINISTRATOR,
                .stage = MD_STAGE_CONFIG,
                .title = N_("Line {line} of {file} is wrong"),
                .meaning = N_("{fault}: the line is left out, the rest of the file holds. Such files add mail providers to "
                        "those that maildiag knows."),
                .remedy = N_("Correct the line. How such files are written is told in the manual page "
                        "maildiag-providers(5)."),
                .since = "0.1",
        },
        {
                .id = "provider.bad-file", .severity = MD_SEVERITY_WARNING, .actor = MD_ACTOR_ADMINISTRATOR,
                .stage = MD_STAGE_CONFIG,
                .title = N_("{file} is not read"),
                .meaning = N_("It could add mail providers to those that maildiag knows, but {fault}. The other files "
                        "hold."),
                .remedy = N_("Let the file be a regular one of root's that nobody else can write to, or remove it."),
                .since = "0.1",
        },
};
