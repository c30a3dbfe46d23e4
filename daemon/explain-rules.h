/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* Words and codes of mail apps, TLS libraries and operating systems, as rules.  None of them was said by a server. */

#include <stddef.h>

#include "reply.h"

typedef struct ExplainRules {
        const MdReplyRule *rules;
        size_t n_rules;
} ExplainRules;

/* Codes of Outlook and Windows; words of TLS libraries; sentences of apps; errors of the network. */
extern const ExplainRules explain_outlook, explain_tls, explain_apps, explain_network;
/* Sentences of apps that say little: they count when the words of a server say nothing. */
extern const ExplainRules explain_vague;
/* Sentences that apps put around the reply of a server: they count when its code says nothing either. */
extern const ExplainRules explain_frames;
