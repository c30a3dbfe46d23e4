/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The verbs, in the order in which the help shows them. */

#include <stddef.h>

#include "verb.h"

const Verb *const all_verbs[] = {
        &verb_check,
        &verb_test,
        &verb_discover,
        &verb_explain,
        &verb_settings,
        &verb_guide,
        &verb_plugins,
        &verb_status,
        &verb_metrics,
        &verb_list,
        &verb_show,
        &verb_watch,
        &verb_mute,
        &verb_reload,
        &verb_account,
        &verb_sources,
        &verb_import,
        &verb_help,
        NULL,
};
