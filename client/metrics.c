/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * maildiag metrics: the state of all accounts in the text format of OpenMetrics, which Prometheus and its node exporter read,
 * too.  Labels are ids, codes and words: no address, host or user name.
 */

#include <stdio.h>
#include <string.h>

#include "atomic-file.h"
#include "complain.h"
#include "config.h"
#include "i18n.h"
#include "known.h"
#include "report.h"
#include "verb.h"

#define USEC_PER_SEC 1000000.0

/* As the format wants it: backslash, quote and line end escaped. */
static void print_label(FILE *file, const char *separator, const char *name, const char *value) {
        fprintf(file, "%s%s=\"", separator, name);
        for (; *value; value++) {
                if (*value == '\\' || *value == '"')
                        fputc('\\', file);
                if (*value == '\n')
                        fputs("\\n", file);
                else
                        fputc(*value, file);
        }
        fputc('"', file);
}

static void print_sample(FILE *file, const char *metric, const json_t *account, const char *label, const char *value,
                         double number) {
        fprintf(file, "maildiag_%s{", metric);
        print_label(file, "", "account", report_text(account, "id"));
        if (label)
                print_label(file, ",", label, value);
        fprintf(file, "} %.15g\n", number);
}

/* ---- what is said of an account ---- */

static void print_status(FILE *file, const char *metric, const json_t *account) {
        static const char *const words[] = { "ok", "info", "warning", "error", "unknown" };
        for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
                print_sample(file, metric, account, "status", words[i], !strcmp(words[i], report_text(account, "status")));
}

/* 1 for "works", 0 for "broken"; nothing where it is not known, or there is no service for it. */
static void print_ability(FILE *file, const char *metric, const json_t *account, const char *ability) {
        const char *verdict = report_text(json_object_get(account, ability), "verdict");
        if (!strcmp(verdict, "works") || !strcmp(verdict, "broken"))
                print_sample(file, metric, account, NULL, NULL, !strcmp(verdict, "works"));
}

static void print_can_receive(FILE *file, const char *metric, const json_t *account) {
        print_ability(file, metric, account, "receive");
}

static void print_can_send(FILE *file, const char *metric, const json_t *account) {
        print_ability(file, metric, account, "send");
}

/* The root cause of what is broken: others follow from it. */
static void print_cause(FILE *file, const char *metric, const json_t *account) {
        const char *code = report_text(json_array_get(json_object_get(account, "findings"), 0), "code");
        if (*code && !strcmp(report_text(account, "status"), "error"))
                print_sample(file, metric, account, "cause", code, 1);
}

static void print_findings(FILE *file, const char *metric, const json_t *account) {
        static const char *const severities[] = { "info", "warning", "error" };
        const json_t *findings = json_object_get(account, "findings");

        for (size_t s = 0; findings && s < sizeof(severities) / sizeof(severities[0]); s++) {
                unsigned n = 0;
                json_t *finding;
                size_t i;
                json_array_foreach((json_t *) findings, i, finding)
                        n += !strcmp(report_text(finding, "severity"), severities[s]);
                print_sample(file, metric, account, "severity", severities[s], n);
        }
}

static void print_time(FILE *file, const char *metric, const json_t *account, const char *key) {
        json_int_t usec = report_number(account, key);
        if (usec > 0)
                print_sample(file, metric, account, NULL, NULL, (double) usec / USEC_PER_SEC);
}

static void print_last_check(FILE *file, const char *metric, const json_t *account) {
        print_time(file, metric, account, "last-check-usec");
}

static void print_since(FILE *file, const char *metric, const json_t *account) {
        print_time(file, metric, account, "status-since-usec");
}

static const struct {
        const char *name, *help;
        void (*print)(FILE *file, const char *metric, const json_t *account);
} metrics[] = {
        { "account_status", "Status of a mail account: 1 for the word that holds.", print_status },
        { "account_can_receive", "Whether the last check found that receiving works.", print_can_receive },
        { "account_can_send", "Whether the last check found that sending works.", print_can_send },
        { "account_cause", "Root cause of what is broken, as the code of a finding.", print_cause },
        { "account_findings", "Findings of the last check by severity.", print_findings },
        { "account_last_check_timestamp_seconds", "When the last check ended.", print_last_check },
        { "account_status_since_timestamp_seconds", "Since when the account has its status.", print_since },
};

static void print_head(FILE *file, const char *name, const char *help) {
        fprintf(file, "# HELP maildiag_%s %s\n# TYPE maildiag_%s gauge\n", name, help, name);
}

static void print_daemon(FILE *file, const json_t *document) {
        print_head(file, "build", "Version of the daemon.");
        fprintf(file, "maildiag_build{");
        print_label(file, "", "version", report_text(document, "version"));
        fprintf(file, "} 1\n");
        print_head(file, "accounts", "Accounts that the daemon knows.");
        fprintf(file, "maildiag_accounts %d\n", (int) report_number(document, "accounts-total"));
        print_head(file, "configuration_faults", "Parts of the configuration that are broken.");
        fprintf(file, "maildiag_configuration_faults %zu\n", json_array_size(json_object_get(document, "faults")));
}

static void print_metrics(FILE *file, const json_t *document) {
        json_t *accounts = json_object_get(document, "accounts"), *account;
        size_t at;

        print_daemon(file, document);
        for (size_t i = 0; i < sizeof(metrics) / sizeof(metrics[0]); i++) {
                print_head(file, metrics[i].name, metrics[i].help);
                json_array_foreach(accounts, at, account)
                        metrics[i].print(file, metrics[i].name, account);
        }
        fprintf(file, "# EOF\n");
}

static int run(Settings *settings) {
        AtomicFile output;
        json_t *document;

        int status = known_fetch(settings, &document);
        if (status != 0)
                return status;
        if (!settings->output) {
                print_metrics(stdout, document);
                json_decref(document);
                return STATUS_FINE;
        }
        int r = atomic_file_open(settings->output, &output);
        if (r == 0) {
                print_metrics(output.file, document);
                r = atomic_file_close(&output);
        }
        json_decref(document);
        return r == 0 ? STATUS_FINE : complain(STATUS_UNKNOWN, _("%s cannot be written: %s"), settings->output, strerror(-r));
}

const Verb verb_metrics = {
        .name = "metrics",
        .bit = VERB_METRICS,
        .n_words = 0,
        .synopsis = N_("[OPTION…]"),
        .summary = N_("Print how all accounts are, for Prometheus"),
        .description = N_("Prints how all accounts are that the daemon knows, in the text format of OpenMetrics, which Prometheus and the "
                "textfile collector of its node exporter read. Labels are ids and codes: no address, host or user name. "
                "The exit status says only whether it was printed."),
        .run = run,
};
