/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The judge's questions about the network: what answers, and what does not. */

#include <string.h>

#include "judge-rules.h"
#include "text.h"

/* ---- what was tried around a failed connection ---- */

typedef struct Tally {
        size_t tried, reached, refused;
} Tally;

typedef struct Around {
        Tally own;                      /* mail ports of the host, this one too */
        Tally web;                      /* its web ports */
        Tally same_port;                /* comparisons: other hosts, same port */
        Tally other_port;               /* comparisons: other hosts, other ports */
        size_t elsewhere;               /* probes that reached another host */
        size_t nameless;                /* comparisons whose names were not found */
        bool waiting;                   /* some have not ended */
} Around;

/* A host of the settings is none, although its web ports are tried in the same way. */
static bool is_comparison(const Report *report, const ProbeLog *log) {
        bool configured = false;
        for (size_t i = 0; i < report->n_logs; i++)
                configured = configured || (probe_why_is_configured(report->logs[i]->why) &&
                                            md_word_equal(report->logs[i]->target.host, log->target.host));
        return log->why == PROBE_CONTROL && !configured;
}

/* Whoever finds settings has the domain for a host, and connects to others. */
static bool is_own(const ProbeLog *log, const MdTarget *target) {
        return log->why != PROBE_FINDER && md_word_equal(log->target.host, target->host);
}

static void count(Tally *tally, const ProbeLog *log) {
        tally->tried++;
        tally->reached += probe_log_address(log) != NULL;
        tally->refused += probe_log_found(log, "tcp.refused");
}

static void look_at(const ProbeLog *log, bool comparison, const MdTarget *target, Around *around) {
        bool own = is_own(log, target);

        if (log->end == PROBE_RUNNING) {
                around->waiting = true;
                return;
        }
        if (comparison && log_is_nameless(log)) {
                around->nameless++;
                return;
        }
        if (!own)
                around->elsewhere += probe_log_address(log) != NULL;
        if (own)
                count(log->why == PROBE_CONTROL ? &around->web : &around->own, log);
        else if (comparison)
                count(log->target.port == target->port ? &around->same_port : &around->other_port, log);
}

static Around look_around(const Scene *scene) {
        Around around = { 0 };
        for (size_t i = 0; i < scene->report->n_logs; i++)
                look_at(scene->report->logs[i], is_comparison(scene->report, scene->report->logs[i]), &scene->log->target,
                        &around);
        return around;
}

static size_t reached(const Around *around) {
        return around->own.reached + around->web.reached + around->elsewhere;
}

/* What became of the comparisons and of the other ports of the host. */
static void note_connections(Scene *scene) {
        for (size_t i = 0; i < scene->report->n_logs; i++) {
                const ProbeLog *log = scene->report->logs[i];
                bool own = is_own(log, &scene->log->target);
                if (log != scene->log && (own || is_comparison(scene->report, log)))
                        scene_note(scene, "%s port %u: %s", log->target.host, log->target.port,
                                   probe_log_address(log) ? "answers" : "no answer");
        }
}

/* ---- questions ---- */

static bool is_loopback(const char *address) {
        return address && (!strncmp(address, "127.", 4) || !strcmp(address, "::1"));
}

bool scene_is_local_program(Scene *scene) {
        const MdRecord *attempt = probe_log_next(scene->log, NULL, "attempt");
        return is_loopback(attempt ? md_record_text(attempt, "address") : NULL);
}

bool scene_nothing_resolves(Scene *scene) {
        Around around = look_around(scene);
        note_connections(scene);
        return around.nameless > 0 && !around.waiting && around.same_port.tried + around.other_port.tried == 0 &&
               reached(&around) == 0;
}

bool scene_nothing_answers(Scene *scene) {
        Around around = look_around(scene);
        note_connections(scene);
        return around.same_port.tried + around.other_port.tried > 0 && !around.waiting && reached(&around) == 0;
}

bool scene_is_port_blocked(Scene *scene) {
        Around around = look_around(scene);
        note_connections(scene);
        return around.same_port.tried > 0 && around.same_port.reached == 0 && !around.waiting && reached(&around) > 0;
}

bool scene_is_web_host(Scene *scene) {
        Around around = look_around(scene);
        note_connections(scene);
        return around.web.reached > 0 && around.own.tried > 1 && around.own.refused == around.own.tried;
}

bool scene_is_host_unreachable(Scene *scene) {
        Around around = look_around(scene);
        note_connections(scene);
        return around.own.tried > 1 && around.own.reached + around.web.reached == 0 && around.elsewhere > 0 &&
               !around.waiting;
}

/* ---- the portal of a network ---- */

static bool is_mail_port(const Scene *scene) {
        const PluginInfo *plugin = registry_plugin(scene->registry, scene->log->target.plugin);
        for (size_t i = 0; plugin && i < plugin->n_endpoints; i++)
                if (plugin->endpoints[i].port == scene->log->target.port)
                        return true;
        return false;
}

/* RFC 9110 section 15.4, RFC 6585 section 6: the way to somewhere else, or the demand for a sign-in. */
static bool leads_elsewhere(const char *status_line) {
        static const char *const words[] = { " 301", " 302", " 303", " 307", " 308", " 511" };
        for (size_t i = 0; status_line && i < sizeof(words) / sizeof(words[0]); i++)
                if (strstr(status_line, words[i]))
                        return true;
        return false;
}

static const ProbeLog *other_web_server(const Scene *scene) {
        for (size_t i = 0; i < scene->report->n_logs; i++) {
                const ProbeLog *log = scene->report->logs[i];
                if (!md_word_equal(log->target.host, scene->log->target.host) && probe_log_found(log, "port.http"))
                        return log;
        }
        return NULL;
}

bool scene_is_portal(Scene *scene) {
        const ProbeLog *other = other_web_server(scene);
        const char *line = scene->seen->evidence;
        if (line)
                scene_note(scene, "%s", line);
        if (other)
                scene_note(scene, "HTTP at %s, too", other->target.host);
        return is_mail_port(scene) && (other || leads_elsewhere(line));
}
