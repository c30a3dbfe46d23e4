/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * One probe from start to end: a list of phases, of which the plugin's steps are one.  A phase that finds out what is
 * wrong ends the list; transcript and "end" follow in any case.
 */

#include <arpa/inet.h>
#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "connect.h"
#include "step-limits.h"
#include "probe-state.h"

enum {
        PHASE_NEXT = 0,
        PHASE_OVER = 1,
};

/* ---- settings ---- */

static bool has_control(const char *text) {
        for (; text && *text; text++)
                if ((unsigned char) *text < ' ' || *text == 0x7f)
                        return true;
        return false;
}

static int check_settings(MdProbe *probe) {
        const struct {
                const char *setting, *value;
        } settings[] = {
                { "host", probe->target->host },
                { "host", probe->target->connect_to },
                { "host", probe->target->tls_name },
                { "username", probe->target->username },
                { "address", probe->target->address },
        };
        for (size_t i = 0; i < sizeof(settings) / sizeof(settings[0]); i++)
                if (has_control(settings[i].value)) {
                        md_find(probe, "settings.control-character", NULL, MD_TEXT("setting", settings[i].setting));
                        return PHASE_OVER;
                }
        return PHASE_NEXT;
}

static bool is_literal(const char *host) {
        unsigned char bytes[sizeof(struct in6_addr)];
        return inet_pton(AF_INET, host, bytes) == 1 || inet_pton(AF_INET6, host, bytes) == 1;
}

/* A name as it travels.  Returns 0, PHASE_OVER for a name that cannot be one, -ENOMEM. */
static int to_wire(MdProbe *probe, const char *name, char **ret) {
        if (is_literal(name)) {
                *ret = strdup(name);
                return *ret ? 0 : -ENOMEM;
        }
        int r = md_idna_to_ascii(name, ret);
        if (r != -EINVAL)
                return r;
        md_find(probe, "settings.bad-host", NULL, MD_TEXT("value", name));
        return PHASE_OVER;
}

/* ---- names ---- */

static int judge_addresses(MdProbe *probe, const char *name, int resolution) {
        static const char *const ids[] = {
                [MD_RESOLVE_NO_SUCH_NAME] = "dns.no-such-name",
                [MD_RESOLVE_NO_ADDRESS] = "dns.no-address",
                [MD_RESOLVE_FAILURE] = "dns.server-failure",
                [MD_RESOLVE_TIMEOUT] = "dns.timeout",
        };
        char text[MD_ADDRESS_TEXT_MAX];

        if (resolution != MD_RESOLVED) {
                md_find(probe, ids[resolution], name);
                return -EPROTO;
        }
        if (probe->addresses.n_found > probe->addresses.n)
                md_fact_number(probe, "addresses", probe->addresses.n_found);
        if (!strchr(name, '.') || is_literal(name) || !md_address_is_loopback(&probe->addresses.list[0]))
                return 0;
        md_address_text(&probe->addresses.list[0], text);
        md_find(probe, "dns.points-to-this-machine", NULL, MD_TEXT("address", text));
        return 0;
}

static void report_step(MdProbe *probe, const char *name, MdStage stage, const char *outcome, uint64_t began, int r) {
        uint64_t now = md_now();
        md_observe(probe, "step",
                   MD_TEXT("name", name),
                   MD_TEXT("stage", md_stage_to_string(stage)),
                   MD_TEXT("outcome", outcome),
                   MD_NUMBER("at-us", began - probe->began),
                   MD_NUMBER("elapsed-us", now - began),
                   MD_TEXT("error", r < 0 ? strerrorname_np(-r) : NULL));
}

static int resolve(MdProbe *probe) {
        char *name = NULL;
        int r = to_wire(probe, probe->target->host, &probe->host);
        if (r == 0)
                r = to_wire(probe, probe->target->connect_to ? probe->target->connect_to : probe->host, &name);
        if (r != 0)
                return r;

        uint64_t began = md_now(), left = probe->deadline - began, limit = md_limit(MD_STAGE_DNS);
        report_step(probe, "resolve", MD_STAGE_DNS, "started", began, 0);
        r = md_resolve(name, probe->target->port, md_probe_scaled(probe, left < limit ? left : limit),
                       &probe->addresses);
        if (r >= 0)
                r = judge_addresses(probe, name, r);
        report_step(probe, "resolve", MD_STAGE_DNS, r < 0 ? "failed" : "ok", began, r);
        free(name);
        return r == -EPROTO ? PHASE_OVER : r;
}

/* ---- trust, lock, secret ---- */

static int read_authorities(MdProbe *probe) {
        int fd = probe->fds[MD_TARGET_FD_CA];
        if (fd < 0 || !probe->trust)
                return PHASE_NEXT;
        int r = md_trust_add_fd(probe->trust, fd);
        if (r >= 0 || r == -ENOMEM)
                return r < 0 ? r : PHASE_NEXT;
        md_find(probe, "settings.bad-ca", NULL, MD_TEXT("reason", md_credential_trouble(r)));
        return PHASE_OVER;
}

static bool wants_secret(const MdProbe *probe) {
        return probe->target->depth >= MD_DEPTH_AUTH && probe->fds[MD_TARGET_FD_SECRET] >= 0;
}

static int lock(MdProbe *probe) {
        int r = wants_secret(probe) ? md_secret_new(&probe->secret) : 0;
        if (r < 0 || !probe->hooks->lock)
                return r;
        r = probe->hooks->lock(probe->hooks->userdata, probe->target);
        return r < 0 ? r : PHASE_NEXT;
}

static int read_secret(MdProbe *probe) {
        const char *reason;

        if (!wants_secret(probe))
                return PHASE_NEXT;
        int r = md_secret_read(probe->secret, probe->fds[MD_TARGET_FD_SECRET], &reason);
        if (r == -EINVAL) {
                md_find(probe, "settings.bad-secret-fd", NULL, MD_TEXT("reason", reason));
                return PHASE_OVER;
        }
        if (r < 0)
                return r;
        if (md_secret_has_control(probe->secret)) {
                md_find(probe, "settings.control-character", NULL, MD_TEXT("setting", "password"));
                return PHASE_OVER;
        }
        probe->has_secret = true;
        const char *oddity = md_secret_oddity(probe->secret);
        if (oddity)
                md_find(probe, "settings.suspicious-secret", NULL, MD_TEXT("what", oddity));
        return PHASE_NEXT;
}

/* ---- the plugin's steps ---- */

/* Gives a failure its name, unless the step did. */
static int name_failure(MdProbe *probe, const MdStep *step, int r, size_t n_errors) {
        if (probe->n_errors > n_errors || probe->in_goodbye)
                return -EPROTO;
        const char *id = md_failure(step->stage, -r);
        if (!id)
                return r;
        md_find(probe, id, NULL);
        return -EPROTO;
}

static int run_step(MdProbe *probe, const MdStep *step, void *state) {
        static const char *const outcomes[] = { [MD_NEXT] = "ok", [MD_DONE] = "ok", [MD_SKIP] = "skipped" };
        size_t n_errors = probe->n_errors;
        uint64_t began = md_now();

        report_step(probe, step->name, step->stage, "started", began, 0);
        probe->step_deadline = md_probe_deadline(probe, probe->in_goodbye ? MD_GOODBYE_LIMIT : md_limit(step->stage));
        int r = step->run(probe, state);
        assert(r <= MD_SKIP);
        report_step(probe, step->name, step->stage, r < 0 ? "failed" : outcomes[r], began, r);
        return r < 0 ? name_failure(probe, step, r, n_errors) : r;
}

static void skip_step(MdProbe *probe, const MdStep *step) {
        report_step(probe, step->name, step->stage, "skipped", md_now(), 0);
}

static int run_dialogue(MdProbe *probe, void *state) {
        const MdPlugin *plugin = probe->plugin;
        int r = MD_NEXT;

        for (size_t i = 0; i < plugin->n_steps && r >= 0 && r != MD_DONE && probe->trouble == 0; i++) {
                const MdStep *step = &plugin->steps[i];
                if (step->flags & MD_STEP_GOODBYE)
                        continue;
                if (step->depth > probe->target->depth)
                        skip_step(probe, step);
                else
                        r = run_step(probe, step, state);
        }
        return r < 0 ? r : 0;
}

static void say_goodbye(MdProbe *probe, void *state) {
        const MdPlugin *plugin = probe->plugin;

        probe->in_goodbye = true;
        for (size_t i = 0; i < plugin->n_steps && probe->trouble == 0; i++)
                if ((plugin->steps[i].flags & MD_STEP_GOODBYE) && md_conn_works(probe))
                        run_step(probe, &plugin->steps[i], state);
}

static int run_steps(MdProbe *probe) {
        const MdPlugin *plugin = probe->plugin;
        void *state = calloc(1, plugin->state_size > 0 ? plugin->state_size : 1);
        if (!state)
                return -ENOMEM;

        int r = run_dialogue(probe, state);
        say_goodbye(probe, state);
        if (plugin->state_done)
                plugin->state_done(state);
        free(state);
        md_conn_close(probe);
        md_connect_collect(probe);
        return r == -EPROTO ? PHASE_OVER : r;
}

/* ---- all of it ---- */

static void report_end(MdProbe *probe) {
        static const char *const logins[] = {
                [MD_LOGIN_NONE] = "not-tried",
                [MD_LOGIN_BEGUN] = "refused",   /* never answered: as good as refused for whoever counts attempts */
                [MD_LOGIN_OK] = "ok",
                [MD_LOGIN_REFUSED] = "refused",
        };
        md_observe(probe, "end",
                   MD_NUMBER("elapsed-us", md_now() - probe->began),
                   MD_NUMBER("bytes-in", probe->bytes_in),
                   MD_NUMBER("bytes-out", probe->bytes_out),
                   MD_TEXT("login", logins[probe->login]));
}

static int run_phases(MdProbe *probe) {
        static int (*const phases[])(MdProbe *) = {
                check_settings, resolve, read_authorities, lock, read_secret, run_steps,
        };
        int r = PHASE_NEXT;
        for (size_t i = 0; i < sizeof(phases) / sizeof(phases[0]) && r == PHASE_NEXT; i++)
                r = probe->trouble < 0 ? probe->trouble : phases[i](probe);
        md_transcript_report(probe);
        report_end(probe);
        return probe->trouble < 0 ? probe->trouble : r < 0 ? r : 0;
}

int md_run(const MdPlugin *plugin, const MdTarget *target, const int fds[static _MD_TARGET_FD_MAX],
           MdTrust *trust, const MdRunHooks *hooks) {
        MdProbe *probe = calloc(1, sizeof(*probe));
        int r = probe ? md_probe_init(probe, plugin, target, fds, trust, hooks) : -ENOMEM;
        if (r >= 0)
                r = run_phases(probe);
        if (probe)
                md_probe_done(probe);
        free(probe);
        for (size_t i = 0; i < _MD_TARGET_FD_MAX; i++)
                if (fds[i] >= 0)
                        close(fds[i]);
        return r;
}
