/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * A source plugin for the tests of everything around such plugins.  The first line of ~/.reader/order says what it does
 * besides reading that file; "ID HOST" hands out an account.
 */

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <maildiag/source.h>

static void tell(MdProbe *probe, const char *what, int r) {
        md_fact(probe, what, r < 0 ? strerrorname_np(errno) : "done");
        if (r > 2)
                close(r);
}

/* Everything that a source has no business with. */
static void misbehave(MdProbe *probe, const char *folder) {
        char path[4096];

        snprintf(path, sizeof(path), "%s/../other", folder);
        tell(probe, "other-file", open(path, O_RDONLY | O_CLOEXEC));
        snprintf(path, sizeof(path), "%s/order", folder);
        tell(probe, "own-file", open(path, O_RDONLY | O_CLOEXEC));
        tell(probe, "write", open(path, O_WRONLY | O_CLOEXEC));
        tell(probe, "passwd", open("/etc/passwd", O_RDONLY | O_CLOEXEC));
        tell(probe, "socket", socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
        tell(probe, "local-socket", socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
        tell(probe, "unlink", unlink(path));
        tell(probe, "fork", fork());
}

static void read_others(MdProbe *probe, const char *folder) {
        static const char *const names[] = { "../other", "link", "folder/link/order", "big", "pipe", "folder", "missing", "deep/er" };
        char path[4096], key[32], *text;
        size_t size;

        for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
                snprintf(path, sizeof(path), "%s/%s", folder, names[i]);
                int r = md_source_read(probe, path, 1024, &text, &size);
                snprintf(key, sizeof(key), "read-%zu", i);
                md_fact(probe, key, r < 0 ? strerrorname_np(-r) : "done");
                if (r == 0)
                        free(text);
        }
}

static bool hand_out(MdProbe *probe, const char *path, const char *id, const char *host) {
        const char *const files[] = { path, NULL };
        const MdSourceValue values[] = {
                { .field = MD_SOURCE_HOST, .text = host, .line = 1, .key = "host" },
                { .field = MD_SOURCE_PORT, .text = "993", .assumed = true },
                { .field = MD_SOURCE_SECURITY, .text = "tls", .assumed = true },
        };
        const MdSourceService service = { .protocol = "imap", .values = values, .n_values = 3 };
        const MdSourceAccount account = { .key = id, .files = files, .services = &service, .n_services = 1 };
        return md_source_account(probe, &account);
}

static void hand_out_many(MdProbe *probe, const char *path) {
        unsigned n = 0;
        char id[16];

        do
                snprintf(id, sizeof(id), "a%u", n++);
        while (hand_out(probe, path, id, "imap.example.org") && n < 1000);
        md_fact_number(probe, "taken", n - 1);
}

static void hand_out_faults(MdProbe *probe, const char *path) {
        for (unsigned i = 0; i < 1000; i++)
                md_source_fault(probe, path, i, "is fault %u", i);
}

/* What breaks the rules of the interface. */
static void hand_out_rubbish(MdProbe *probe, const char *path) {
        const char *const files[] = { path, NULL }, *const none[] = { NULL }, *const four[] = { path, path, path, path, NULL };
        const MdSourceValue bad_file = { .field = MD_SOURCE_NAME, .text = "x", .file = 1 };
        const MdSourceValue bad_field = { .field = (MdSourceField) 99, .text = "x" }, no_text = { .field = MD_SOURCE_NAME };
        const MdSourceAccount rubbish[] = {
                { .key = "", .files = files },
                { .files = files },
                { .key = "a", .files = none },
                { .key = "a", .files = four },
                { .key = "a", .files = files, .values = &bad_file, .n_values = 1 },
                { .key = "a", .files = files, .values = &bad_field, .n_values = 1 },
                { .key = "a", .files = files, .values = &no_text, .n_values = 1 },
                { .key = "a", .files = files, .n_services = MD_SOURCE_SERVICES_MAX + 1 },
        };
        unsigned taken = 0;

        for (size_t i = 0; i < sizeof(rubbish) / sizeof(rubbish[0]); i++)
                taken += md_source_account(probe, &rubbish[i]);
        md_fact_number(probe, "taken", taken);
}

static int obey(MdProbe *probe, const char *folder, const char *path, char *order) {
        char *host = strchr(order, ' ');

        if (!strcmp(order, "misbehave"))
                misbehave(probe, folder);
        else if (!strcmp(order, "read"))
                read_others(probe, folder);
        else if (!strcmp(order, "many"))
                hand_out_many(probe, path);
        else if (!strcmp(order, "faults"))
                hand_out_faults(probe, path);
        else if (!strcmp(order, "rubbish"))
                hand_out_rubbish(probe, path);
        else if (!strcmp(order, "crash"))
                abort();
        else if (!strcmp(order, "fail"))
                return -EIO;
        else if (host) {
                *host = '\0';
                hand_out(probe, path, order, host + 1);
        }
        return MD_NEXT;
}

static int step_read(MdProbe *probe, void *state) {
        const char *folder = md_source_places(probe)[0];
        char path[4096], *order;
        size_t size;

        snprintf(path, sizeof(path), "%s/order", folder);
        int r = md_source_read(probe, path, 4096, &order, &size);
        if (r < 0)
                return r == -ENOMEM ? r : MD_NEXT;
        md_fact(probe, "place", folder);
        order[strcspn(order, "\n")] = '\0';
        r = obey(probe, folder, path, order);
        free(order);
        return r;
}

static const char *const paths[] = { ".reader" };

static const MdStep steps[] = { { "read", MD_STAGE_CONFIG, MD_DEPTH_CONNECT, 0, step_read } };

MD_PLUGIN_EXPORT("reader") = {
        .size = sizeof(MdPlugin),
        .kind = MD_KIND_SOURCE,
        .name = "reader",
        .version = "1",
        .summary = "Accounts of the tests",
        .purpose = MD_PURPOSE_OTHER,
        .profile = MD_PROFILE_SOURCE,
        .steps = steps,
        .n_steps = 1,
        .paths = paths,
        .n_paths = 1,
};
