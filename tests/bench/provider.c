/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* What a look-up in the provider table costs a probe: processor time, medians of many. */

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "shipped.h"
#include "typing.h"

#define ROUNDS 501u

static Table *table;

static void ask(const char *domain, const char *mx, const char *host) {
        const char *const exchangers[] = { mx, NULL }, *const hosts[] = { host, NULL };
        LookupHow how;
        lookup_block(table, &(LookupQuestion) { domain, exchangers, hosts }, &how);
}

static void no_fault(void *userdata, const char *file, unsigned line, const char *fault) {
        fprintf(stderr, "%s:%u: %s\n", file, line, fault);
        exit(EXIT_FAILURE);
}

static void do_begin(void) {
        table = table_new(&table_shipped);
        if (!table)
                exit(EXIT_FAILURE);
}

/* What an administrator may have added: a hundred providers. */
static void do_read(void) {
        static char text[16384];
        static size_t size;

        for (unsigned i = 0; i < 100 && size < sizeof(text) - 200; i++)
                size += (size_t) sprintf(text + size, "[added%u]\ndomains = added%u.example\nimap = imap.added%u.example 993 tls\n", i, i, i);
        if (table_read(table, 1, "added.conf", text, size, no_fault, NULL) < 0)
                exit(EXIT_FAILURE);
        size = 0;
}

static void do_free(void) {
        table = table_free(table);
}

static void do_domain(void) {
        ask("gmail.com", NULL, NULL);
}

static void do_exchanger(void) {
        ask("own.example", "own-example.mail.protection.outlook.com", NULL);
}

static void do_unknown(void) {
        ask("own.example", "mx.own.example", "imap.own.example");
}

static void do_typing(void) {
        char host[TYPING_NAME_SIZE];
        typing_domain(table, "gmial.com");
        typing_host(table, "smpt.own.example", NULL, "own.example", host);
}

/* In the order of a probe; the whole of one round is the sum. */
static const struct {
        const char *what;
        void (*run)(void);
} deeds[] = {
        { "table begun", do_begin },
        { "look-up by domain", do_domain },
        { "look-up by mail exchanger", do_exchanger },
        { "look-up of somebody unknown", do_unknown },
        { "typing errors sought", do_typing },
        { "100 added providers read", do_read },
        { "table freed", do_free },
};

#define DEEDS (sizeof(deeds) / sizeof(deeds[0]))

static double now_us(void) {
        struct timespec time;
        clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
        return (double) time.tv_sec * 1e6 + (double) time.tv_nsec / 1e3;
}

static int compare(const void *a, const void *b) {
        double x = *(const double *) a, y = *(const double *) b;
        return x < y ? -1 : x > y;
}

int main(void) {
        static double samples[DEEDS][ROUNDS];
        double sum = 0;

        for (size_t round = 0; round < ROUNDS; round++)
                for (size_t i = 0; i < DEEDS; i++) {
                        double before = now_us();
                        deeds[i].run();
                        samples[i][round] = now_us() - before;
                }
        for (size_t i = 0; i < DEEDS; i++) {
                qsort(samples[i], ROUNDS, sizeof(double), compare);
                printf("%-30s %8.1f µs\n", deeds[i].what, samples[i][ROUNDS / 2]);
                sum += samples[i][ROUNDS / 2];
        }
        printf("%-30s %8.1f µs\n", "all", sum);
        return EXIT_SUCCESS;
}
