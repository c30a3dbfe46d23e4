/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The state of a diagnosis from how its probes ended, and that of a job from its diagnoses. */

#include <errno.h>

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

START_TEST(outcome_of_probes) {
        ProbeLog logs[3] = { 0 };
        ProbeLog *pointers[3];

        for (size_t i = 0; i < cases[_i].n; i++) {
                logs[i].end = cases[_i].ends[i];
                pointers[i] = &logs[i];
        }
        ck_assert_str_eq(job_state_to_string(diagnosis_outcome(pointers, cases[_i].n)),
                         job_state_to_string(cases[_i].state));
}
END_TEST

static const struct {
        JobState states[3];
        JobState state;
} jobs[] = {
        { { JOB_DONE, JOB_DONE, JOB_DONE }, JOB_DONE },
        { { JOB_FAILED, JOB_TIMEOUT, JOB_DONE }, JOB_DONE },
        { { JOB_FAILED, JOB_TIMEOUT, JOB_FAILED }, JOB_TIMEOUT },
        { { JOB_FAILED, JOB_FAILED, JOB_FAILED }, JOB_FAILED },
        { { JOB_DONE, JOB_CANCELLED, JOB_CANCELLED }, JOB_CANCELLED },
};

START_TEST(outcome_of_diagnoses) {
        ck_assert_str_eq(job_state_to_string(job_outcome(jobs[_i].states, 3)), job_state_to_string(jobs[_i].state));
}
END_TEST

START_TEST(requests_have_an_end) {
        JobRequest request = { 0 };
        Settings *settings;

        for (size_t i = 0; i < JOB_ACCOUNTS_MAX; i++) {
                ck_assert_int_eq(job_request_add(&request, &settings), 0);
                ck_assert_int_eq(settings->ca_fd, -1);
        }
        ck_assert_int_eq(job_request_add(&request, &settings), -E2BIG);
        job_request_done(&request);
        ck_assert_uint_eq(request.n_accounts, 0);
}
END_TEST

int main(void) {
        Suite *suite = suite_create("job");
        TCase *tests = tcase_create("job");
        suite_add_tcase(suite, tests);
        tcase_add_loop_test(tests, outcome_of_probes, 0, sizeof(cases) / sizeof(cases[0]));
        tcase_add_loop_test(tests, outcome_of_diagnoses, 0, sizeof(jobs) / sizeof(jobs[0]));
        tcase_add_test(tests, requests_have_an_end);
        return run_suite(suite);
}
