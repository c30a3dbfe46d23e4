/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* Findings as the report holds them: an entry of a catalogue, with its values filled in. */

#include "report.h"

/*
 * Appends a finding to the report.  `params` ends with a field without a key; "code", "evidence" and "at-us" among
 * them are passed over, "value" and "suggested" become members, host, port and setting are added.  An
 * unknown code is dropped: a probe cannot invent findings.  Returns 0, -ENOMEM.
 */
int finding_add(Report *report, size_t probe, const Registry *registry, const char *code, const char *evidence,
                const MdField *params);
void finding_done(Finding *finding);
void finding_drop_changes(Finding *finding);

/* The value of a setting as a target has it, a new string; NULL when it has none or it is a secret. */
char *target_setting(const MdTarget *target, const char *setting);

/* Drops all that a judgement made: findings, verdicts, texts. */
void report_forget(Report *report);
