/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* What the judge's rules ask: what was seen around one finding. */

#include "report.h"

/* One finding, and all that was tried besides. */
typedef struct Scene {
        const Report *report;
        const Registry *registry;
        size_t probe;
        const ProbeLog *log;            /* of the probe */
        const Finding *seen;
        char now[32];                   /* when the diagnosis began, for people */
        /* Filled by a question that holds: */
        const char *other;              /* another host that shows it, or what was found there */
        char named[320];                /* room for it */
        char date[16];                  /* a day on which it was otherwise; "" for none */
        const char *const *also;        /* ids of what it may be just as well */
        char evidence[512];             /* what shows it; "" for nothing */
} Scene;

/* Fills in what all questions may use. */
void scene_init(Scene *scene);
/* Adds to the evidence, after a comma. */
__attribute__((format(printf, 2, 3)))
void scene_note(Scene *scene, const char *format, ...);

/* Who signed the certificate that a probe was shown; NULL: none was. */
const char *scene_issuer(const ProbeLog *log);

/* The name of its host was not found, or the name service failed. */
bool log_is_nameless(const ProbeLog *log);

/* ---- the network ---- */

/* The host is this computer. */
bool scene_is_local_program(Scene *scene);
/* No name for comparison was found either. */
bool scene_nothing_resolves(Scene *scene);
/* Names that a provider is known to have are not found, and no other name is. */
bool scene_known_names_are_missing(Scene *scene);
/* Nothing else answered anywhere. */
bool scene_nothing_answers(Scene *scene);
/* The same port of others does not answer either, while something does. */
bool scene_is_port_blocked(Scene *scene);
/* The machine refuses every mail port that was tried, and its web ports answer. */
bool scene_is_web_host(Scene *scene);
/* Nothing answers at the host on any port, while others do. */
bool scene_is_host_unreachable(Scene *scene);
/* A web server answers on a port for mail, at more than one host or with a way to somewhere else. */
bool scene_is_portal(Scene *scene);

/* ---- trust ---- */

/* Certificates of several owners are out of date in the same direction, or a greeting tells another time. */
bool scene_is_clock_wrong(Scene *scene);
/* Certificates of several owners are signed by one authority that nobody knows, or by one of a known inspector. */
bool scene_is_intercepted(Scene *scene);
/* The server for sending introduces itself as somebody else's, while the receiving one is genuine. */
bool scene_is_redirected(Scene *scene);

/* ---- what was seen before ---- */

/* The endpoint spoke TLS earlier, with a certificate in order. */
bool scene_tls_was_there(Scene *scene);
/* Nothing answers at the host on any port, while others do, and logins were refused there not long ago. */
bool scene_is_banned(Scene *scene);
/* Another connection to the same endpoint was shown another certificate. */
bool scene_certificate_changes(Scene *scene);

/* ---- settings ---- */

/* What is published for the address works. */
bool scene_is_published_otherwise(Scene *scene);
/* The port is that between servers (RFC 6409 section 3.1). */
bool scene_is_between_servers(Scene *scene);
/* The same login works at another service of the same owner. */
bool scene_is_one_sided(Scene *scene);
