/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * The client that stays: asks the same of a running daemon again and again over one connection, as a desktop program or a monitor
 * does, with the calls that the command line client makes.
 *
 *     caller TIMES check ADDRESS [OPTION]...
 *
 * prints the milliseconds of wall clock and of its own processor time that one diagnosis took.  It shows no report; one without the
 * verdict "ok" or "info" ends it, since what failed early was not measured.
 */

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <time.h>

#include "call.h"
#include "complain.h"
#include "options.h"
#include "report.h"
#include "secret-input.h"
#include "verb.h"

static const Verb *const verbs[] = { &verb_check, NULL };

static double wall(void) {
        struct timespec now;
        clock_gettime(CLOCK_MONOTONIC, &now);
        return now.tv_sec * 1e3 + now.tv_nsec / 1e6;
}

static double processor(void) {
        struct rusage usage;
        getrusage(RUSAGE_SELF, &usage);
        return (usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) * 1e3 +
               (usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e3;
}

static void ignore_progress(void *userdata, uint32_t done, uint32_t total, const char *service, const char *step) {
}

static int look_at(const char *text) {
        json_t *report = json_loads(text, 0, NULL);
        int status = report ? report_status(report) : STATUS_UNKNOWN;
        if (status != 0)
                fprintf(stderr, "%s\n", text);
        json_decref(report);
        return status;
}

static int ask(Call *call, const Settings *settings, const int fds[static _CALL_FD_MAX], int times) {
        char *report = NULL;
        int status = call_check(call, settings, NULL, fds, ignore_progress, NULL, &report);
        if (status == 0)
                status = look_at(report);
        free(report);

        double wall_before = wall(), processor_before = processor();
        for (int i = 0; status == 0 && i < times; i++) {
                status = call_check(call, settings, NULL, fds, ignore_progress, NULL, &report);
                if (status == 0)
                        free(report);
        }
        if (status == 0)
                printf("%.4f %.4f\n", (wall() - wall_before) / times, (processor() - processor_before) / times);
        return status;
}

int main(int argc, char *argv[]) {
        int fds[_CALL_FD_MAX] = { -1, -1, -1, -1, -1 };
        Settings settings;
        const Verb *verb;
        Call *call = NULL;

        int status = options_parse(argc - 1, argv + 1, verbs, &settings, &verb);
        settings.address = settings.user = settings.words[0];
        if (status == 0)
                status = file_input("ca-file", settings.ca_file, &fds[CALL_FD_CA]);
        if (status == 0)
                status = secret_input(&settings, &fds[CALL_FD_PASSWORD]);
        if (status == 0)
                status = call_new(&settings, &call);
        if (status == 0)
                status = ask(call, &settings, fds, atoi(argv[1]));
        call_free(call);
        settings_done(&settings);
        return status;
}
