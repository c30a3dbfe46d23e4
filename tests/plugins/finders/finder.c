/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * A discovery plugin for the tests of everything around such plugins.  The local part of the address says what it does;
 * FINDER_NAME and FINDER_PROFILE, in which sandbox.
 */

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <maildiag/discovery.h>

static const char *const words[] = { "password", "oauth2", NULL };

/* ---- what it may find ---- */

static void find_servers(MdProbe *probe) {
        char host[300];

        snprintf(host, sizeof(host), "imap.%s", md_probe_domain(probe));
        const MdCandidate imap = {
                .protocol = "imap", .host = host, .port = 993, .security = MD_SECURITY_TLS,
                .username_form = MD_USERNAME_ADDRESS, .auth = words, .origin = "the tests",
                .assurance = MD_ASSURANCE_HTTPS, .asof = "2026-03",
        };
        const MdCandidate smtp = {
                .protocol = "smtp", .host = "Smtp.Provider.example.", .port = 587, .security = MD_SECURITY_STARTTLS,
                .username_form = MD_USERNAME_LOCAL_PART, .origin = "the tests", .priority = 1,
        };
        md_candidate(probe, &imap);
        md_candidate(probe, &smtp);
}

static void find_rubbish(MdProbe *probe) {
        const MdCandidate rubbish[] = {
                { .protocol = "imap", .host = "mail.example.org\r\nQUIT", .port = 993, .origin = "rubbish" },
                { .protocol = "imap", .host = "mail.example.org", .port = 70000, .origin = "rubbish" },
                { .protocol = "imap", .host = "127.0.0.1", .port = 993, .origin = "rubbish" },
                { .protocol = "IMAP", .host = "mail.example.org", .port = 993, .origin = "rubbish" },
                { .protocol = "imap", .host = "localhost", .port = 993, .origin = "rubbish" },
        };
        for (size_t i = 0; i < sizeof(rubbish) / sizeof(rubbish[0]); i++)
                if (md_candidate(probe, &rubbish[i]))
                        md_fact_number(probe, "taken", i);
}

static void find_too_many(MdProbe *probe) {
        char host[64];

        for (unsigned i = 0; i < 2 * MD_CANDIDATES_MAX; i++) {
                snprintf(host, sizeof(host), "mail%u.example.org", i);
                md_candidate(probe, &(MdCandidate) { .protocol = "imap", .host = host, .port = 993 });
        }
}

static void tell_provider(MdProbe *probe) {
        const MdPrecondition app_password = {
                .kind = MD_PRECONDITION_APP_PASSWORD, .text = "Make a password for the app.",
                .url = "https://provider.example/app-passwords", .checked = "2026-02", .origin = "the tests",
        };
        const MdPrecondition bad_page = { .kind = MD_PRECONDITION_OTHER, .url = "javascript:alert(1)",
                                          .since = "yesterday", .origin = "the tests" };
        md_provider(probe, "provider", "The Provider", "mx", md_probe_mx(probe)[0]);
        md_precondition(probe, &app_password);
        md_precondition(probe, &bad_page);
        md_resembles(probe, "host", md_probe_hosts(probe)[0], "imap.provider.example", 1);
}

/* ---- what its sandbox lets it do ---- */

static void read_data(MdProbe *probe) {
        DIR *folder = opendir(md_probe_data_dir(probe));
        md_fact(probe, "folder", folder ? "read" : strerrorname_np(errno));
        if (folder)
                closedir(folder);
        int fd = open("/etc/passwd", O_RDONLY | O_CLOEXEC);
        md_fact(probe, "passwd", fd >= 0 ? "read" : strerrorname_np(errno));
}

static void *thread_run(void *argument) {
        return argument;
}

static void use_network(MdProbe *probe) {
        struct addrinfo *found, hints = { .ai_socktype = SOCK_STREAM };
        pthread_t thread;

        int r = pthread_create(&thread, NULL, thread_run, NULL);
        md_fact(probe, "thread", r == 0 ? "started" : strerrorname_np(r));
        if (r == 0)
                pthread_join(thread, NULL);
        int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
        md_fact(probe, "udp", fd >= 0 ? "opened" : strerrorname_np(errno));
        r = getaddrinfo("localhost", "443", &hints, &found);
        md_fact(probe, "name", r == 0 ? "found" : gai_strerror(r));
}

static void wait_for_nothing(MdProbe *probe) {
        md_fact_truth(probe, "has-time", md_probe_left_ms(probe) > 0);
        int r = md_poll(probe, NULL, 0, 1);
        md_fact(probe, "short", r == 0 ? "passed" : strerrorname_np(-r));
        r = md_poll(probe, NULL, 0, UINT32_MAX);
        md_fact(probe, "long", r == 0 ? "passed" : strerrorname_np(-r));
}

static int step_asked(MdProbe *probe, void *state) {
        md_fact(probe, "address", md_probe_address(probe));
        md_fact(probe, "local-part", md_probe_local_part(probe));
        md_fact(probe, "domain", md_probe_domain(probe));
        md_fact(probe, "domain-text", md_probe_domain_text(probe));
        return MD_NEXT;
}

static int step_find(MdProbe *probe, void *state) {
        static const struct {
                const char *name;
                void (*find)(MdProbe *probe);
        } deeds[] = {
                { "servers", find_servers }, { "rubbish", find_rubbish }, { "too-many", find_too_many },
                { "provider", tell_provider }, { "data", read_data }, { "network", use_network },
                { "wait", wait_for_nothing },
        };
        for (size_t i = 0; i < sizeof(deeds) / sizeof(deeds[0]); i++)
                if (!strcmp(md_probe_local_part(probe), deeds[i].name))
                        deeds[i].find(probe);
        return strcmp(md_probe_local_part(probe), "silence") ? MD_NEXT : -ETIMEDOUT;
}

static const MdStep steps[] = {
        { "asked", MD_STAGE_CONFIG, MD_DEPTH_CONNECT, 0, step_asked },
        { "find", MD_STAGE_DNS, MD_DEPTH_CONNECT, 0, step_find },
};

MD_PLUGIN_EXPORT(FINDER_NAME) = {
        .size = sizeof(MdPlugin),
        .kind = MD_KIND_DISCOVERY,
        .name = FINDER_NAME,
        .version = "1",
        .summary = "Finds what the tests ask for",
        .purpose = MD_PURPOSE_OTHER,
        .profile = FINDER_PROFILE,
        .steps = steps,
        .n_steps = sizeof(steps) / sizeof(steps[0]),
};
