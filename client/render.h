/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* The report for a person. */

#include <jansson.h>

#include "guide.h"
#include "page.h"

/* The whole: what works, what is wrong (root cause first), how it was found out.  `guide` is the one of the user's app,
 * for the place of each setting; NULL: a line says how to ask for it. */
void render_report(Page *page, const json_t *report, const Guide *guide);

/* The reports of several accounts (maildiag-reports/1), and before them what they share. */
void render_reports(Page *page, const json_t *document, const Guide *guide);

/* What was found for an address, where that was the question. */
void render_discovery(Page *page, const json_t *report, const Guide *guide);
/* Whether any of it is to be used. */
bool discovery_has_settings(const json_t *report);

/* One finding, and under it what was seen; `derived`: it follows from one that was shown before. */
void render_finding(Page *page, const json_t *finding, bool derived, const Guide *guide);

/* The place of a finding's setting in the app of `guide`, with the steps to the value that it should have; NULL: the
 * command that shows it.  Nothing for a finding without such a setting. */
void render_place_in_app(Page *page, unsigned indent, const json_t *finding, const Guide *guide);

/* One service: its steps, addresses, TLS, certificate, login. */
void render_service(Page *page, const json_t *service, json_int_t now_usec);

/* Everything that was tried, when that is more than the configured services. */
void render_attempts(Page *page, const json_t *attempts);

/* "IMAP" for "imap", in a buffer of its own. */
typedef struct Label {
        char text[32];
} Label;
Label protocol_label(const char *protocol);

/* "12 ms", "1.4 s" in a buffer of its own. */
typedef struct Duration {
        char text[24];
} Duration;
Duration duration_format(json_int_t usec);
