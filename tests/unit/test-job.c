/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The state of a job from how its probes ended. */

#include "harness.h"
#include "job.h"

static const struct {
        ProbeEnd ends[3];
        size_t n;
        JobState state;
} cases[] = {
        { { PROBE_ENDED }, 1, JOB_DONE },
        { { PROBE_CRASHED }, 1, JOB_DONE },
        { { PROBE_RUBBISH }, 1, JOB_DONE },
        { { PROBE_SILENT }, 1, JOB_DONE },
        { { PROBE_OVERDUE }, 1, JOB_TIMEOUT },
        { { PROBE_REFUSED }, 1, JOB_FAILED },
        { { PROBE_WORKER_LOST }, 1, JOB_FAILED },
        { { PROBE_ENDED, PROBE_OVERDUE }, 2, JOB_DONE },
        { { PROBE_OVERDUE, PROBE_OVERDUE }, 2, JOB_TIMEOUT },
        { { PROBE_OVERDUE, PROBE_WORKER_LOST }, 2, JOB_TIMEOUT },
        { { PROBE_WORKER_LOST, PROBE_REFUSED }, 2, JOB_FAILED },
        { { PROBE_WORKER_LOST, PROBE_CRASHED, PROBE_OVERDUE }, 3, JOB_DONE },
};

START_TEST(outcome) {
        ProbeLog logs[3] = { 0 };
        ProbeLog *pointers[3];

        for (size_t i = 0; i < cases[_i].n; i++) {
                logs[i].end = cases[_i].ends[i];
                pointers[i] = &logs[i];
        }
        ck_assert_str_eq(job_state_to_string(job_outcome(pointers, cases[_i].n)),
                         job_state_to_string(cases[_i].state));
}
END_TEST

int main(void) {
        Suite *suite = suite_create("job");
        TCase *tests = tcase_create("job");
        suite_add_tcase(suite, tests);
        tcase_add_loop_test(tests, outcome, 0, sizeof(cases) / sizeof(cases[0]));
        return run_suite(suite);
}
