/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* Rules about replies as the worker announces them. */

#include "record.h"
#include "reply.h"

/* Reads a record "rule", which owns nothing of it afterwards.  The finding that it names is not looked up.
 * Returns 0, -EBADMSG for one that breaks the rules, -ENOMEM. */
int registry_rule_read(const MdRecord *record, MdReplyRule *ret);
void registry_rule_done(MdReplyRule *rule);
