/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* What ten thousand accounts cost: how long the daemon reads them, and how much memory each takes.  The goals are a second,
 * and 2 KiB. */

#include <errno.h>
#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "accounts.h"
#include "clock.h"
#include "monitor-state.h"

#define N 10000

static char folder[64];

static int write_account(unsigned number) {
        char path[128];
        snprintf(path, sizeof(path), "%s/accounts.d/user%05u.conf", folder, number);
        FILE *file = fopen(path, "w");
        if (!file)
                return -errno;
        fprintf(file, "# account of user %u\n[account]\nname = User %u of the company\naddress = user%u@mail.example.org\n"
                "secret = credential:user%u\n\n[imap]\nhost = imap.mail.example.org\nport = 993\nsecurity = tls\n\n"
                "[smtp]\nhost = submission.mail.example.org\nport = 587\nsecurity = starttls\n", number, number, number, number);
        return fclose(file) != 0 ? -errno : 0;
}

static int write_accounts(void) {
        char path[128];
        int r = 0;

        strcpy(folder, "/tmp/maildiag-bench-XXXXXX");
        if (!mkdtemp(folder))
                return -errno;
        snprintf(path, sizeof(path), "%s/accounts.d", folder);
        if (mkdir(path, 0755) < 0)
                return -errno;
        for (unsigned i = 0; r >= 0 && i < N; i++)
                r = write_account(i);
        return r;
}

static double ms_since(uint64_t start) {
        return (double) (clock_boottime_usec() - start) / 1000;
}

static int bench(Accounts *accounts) {
        char path[128];
        size_t before = mallinfo2().uordblks;
        uint64_t start = clock_boottime_usec();

        snprintf(path, sizeof(path), "%s/accounts.d", folder);
        int r = accounts_add_source(accounts, &source_files, path);
        if (r >= 0)
                r = accounts_read(accounts);
        if (r < 0 || accounts_n(accounts) != N)
                return r < 0 ? r : -EIO;
        printf("%u account files read: %.0f ms, %zu bytes of memory each\n", N, ms_since(start),
               (mallinfo2().uordblks - before) / N);
        start = clock_boottime_usec();
        r = accounts_read(accounts);
        printf("read again: %.0f ms\n", ms_since(start));
        return r;
}

static int bench_state(Accounts *accounts) {
        MonitorState *state = monitor_state_new(INSTANCE_SYSTEM, folder);
        uint64_t start = clock_boottime_usec();

        if (!state)
                return -ENOMEM;
        for (size_t i = 0; i < N; i++)
                monitor_state_save(state, accounts_at(accounts, i));
        printf("their status written: %.0f ms\n", ms_since(start));
        start = clock_boottime_usec();
        for (size_t i = 0; i < N; i++)
                monitor_state_load(state, accounts_at(accounts, i));
        printf("and read: %.0f ms\n", ms_since(start));
        monitor_state_free(state);
        return 0;
}

int main(void) {
        Accounts *accounts = accounts_new();
        char command[128];

        int r = accounts ? write_accounts() : -ENOMEM;
        if (r >= 0)
                r = bench(accounts);
        if (r >= 0)
                r = bench_state(accounts);
        accounts_free(accounts);
        snprintf(command, sizeof(command), "rm -rf %s", folder);
        if (*folder && system(command) != 0)
                return EXIT_FAILURE;
        if (r < 0)
                fprintf(stderr, "many-accounts: %s\n", strerror(-r));
        return r < 0 ? EXIT_FAILURE : EXIT_SUCCESS;
}
