/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * One probe from start to end: a list of phases, of which the plugin's steps are one.  A phase that finds out
 * what is wrong ends the list; transcript and "end" follow in any case.
 */

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "connect.h"
#include "examine.h"
#include "prepare.h"
#include "probe-state.h"
#include "source.h"
#include "step-limits.h"

void md_report_step(MdProbe *probe, const char *name, MdStage stage, const char *outcome, uint64_t began,
                    int r) {
        uint64_t now = md_now();
        md_observe(probe, "step",
                   MD_TEXT("name", name),
                   MD_TEXT("stage", md_stage_to_string(stage)),
                   MD_TEXT("outcome", outcome),
                   MD_NUMBER("at-us", began - probe->began),
                   MD_NUMBER("elapsed-us", now - began),
                   MD_TEXT("error", r < 0 ? strerrorname_np(-r) : NULL));
        /* If the step is the last thing that the process does, this shows which one it was. */
        if (!strcmp(outcome, "started"))
                md_observe_flush(probe);
}

/* ---- the plugin's steps ---- */

/* Gives a failure its name, unless the step did. */
static int name_failure(MdProbe *probe, const MdStep *step, int r, size_t n_errors) {
        if (probe->n_errors > n_errors || probe->in_goodbye || probe->plugin->kind == MD_KIND_DISCOVERY ||
            probe->plugin->kind == MD_KIND_SOURCE)
                return -EPROTO;
        const char *id = md_failure(step->stage, -r);
        if (!id)
                return r;
        size_t size;
        const char *unfinished = md_conn_peek(probe, &size);
        if (size > 0)
                md_find_bytes(probe, id, unfinished, size, NULL);
        else
                md_find(probe, id, strerrorname_np(-r));
        return -EPROTO;
}

static int run_step(MdProbe *probe, const MdStep *step, void *state) {
        static const char *const outcomes[] = { [MD_NEXT] = "ok", [MD_DONE] = "ok", [MD_SKIP] = "skipped" };
        size_t n_errors = probe->n_errors;
        uint64_t began = md_now();

        md_report_step(probe, step->name, step->stage, "started", began, 0);
        uint64_t limit = probe->in_goodbye ? MD_GOODBYE_LIMIT : md_limit(step->stage);
        probe->step_deadline = md_probe_deadline(probe, limit);
        int r = step->run(probe, state);
        assert(r <= MD_SKIP);
        md_report_step(probe, step->name, step->stage, r < 0 ? "failed" : outcomes[r], began, r);
        return r < 0 ? name_failure(probe, step, r, n_errors) : r;
}

static void skip_step(MdProbe *probe, const MdStep *step) {
        md_report_step(probe, step->name, step->stage, "skipped", md_now(), 0);
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
        probe->in_goodbye = false;
}

static int run_steps(MdProbe *probe) {
        const MdPlugin *plugin = probe->plugin;
        void *state = calloc(1, plugin->state_size > 0 ? plugin->state_size : 1);
        if (!state)
                return -ENOMEM;

        int r = run_dialogue(probe, state);
        say_goodbye(probe, state);
        if (r >= 0)
                md_examine(probe);
        if (plugin->state_done)
                plugin->state_done(state);
        free(state);
        md_conn_close(probe);
        md_connect_collect(probe);
        return r == -EPROTO ? MD_PHASE_OVER : r;
}

/* ---- all of it ---- */

static void report_end(MdProbe *probe) {
        static const char *const logins[] = {
                [MD_LOGIN_NONE] = "not-tried",
                [MD_LOGIN_BEGUN] = "refused",   /* never answered: whoever counts attempts has to count it */
                [MD_LOGIN_OK] = "ok",
                [MD_LOGIN_REFUSED] = "refused",
        };
        md_observe(probe, "end",
                   MD_NUMBER("elapsed-us", md_now() - probe->began),
                   MD_NUMBER("bytes-in", probe->bytes_in),
                   MD_NUMBER("bytes-out", probe->bytes_out),
                   MD_TEXT("login", logins[probe->login]));
}

typedef int (*Phase)(MdProbe *probe);

static const Phase dialogue[] = {
        md_check_settings, md_resolve_target, md_read_authorities, md_lock, md_read_secret, run_steps, NULL,
};
static const Phase discovery[] = {
        md_check_settings, md_read_domain, md_read_authorities, md_lock, run_steps, NULL,
};
static const Phase source[] = { md_source_prepare, md_lock, run_steps, NULL };

static const Phase *phases_of(MdKind kind) {
        return kind == MD_KIND_SOURCE ? source : kind == MD_KIND_DISCOVERY ? discovery : dialogue;
}

static int run_phases(MdProbe *probe) {
        const Phase *phase = phases_of(probe->plugin->kind);
        int r = MD_PHASE_NEXT;

        for (; *phase && r == MD_PHASE_NEXT; phase++)
                r = probe->trouble < 0 ? probe->trouble : (*phase)(probe);
        md_transcript_report(probe);
        report_end(probe);
        md_observe_flush(probe);
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
