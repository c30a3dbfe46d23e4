/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * Whom the planner asks what the settings should be, and what of the answers it tries, by tables.  A probe reads
 * "finder plugin domain", "… mx=…" when exchangers are handed on, else "why protocol host:port security", the user name
 * where it is not the configured one, and "+login" when it carries the secret.
 */

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "harness.h"
#include "plan.h"
#include "seen.h"

#define SEEN_MAX 6
#define PLANNED_MAX 8

typedef struct Case {
        const char *name;
        const char *address;
        bool search;                    /* nothing else is asked */
        bool no_probe, offline;
        bool no_service;
        Seen seen[SEEN_MAX];
        const char *planned[PLANNED_MAX];
        const char *origin;             /* the only plugin to be asked */
        const char *username;           /* NULL: the address of Anna */
        bool incomplete;                /* not all plugins are known */
        uint32_t left_ms;               /* 0: 19 seconds */
} Case;

#define TOLD(plugin, ...) { PROBE_FINDER, plugin, "a.example", 0, MD_SECURITY_NONE, NULL, NULL, "not-tried", \
                            .told = { __VA_ARGS__ } }
#define IMAP(code, login) \
        { PROBE_CONFIGURED, "imap", "imap.b.example", 993, MD_SECURITY_TLS, "anna@a.example", code, login, \
          .mail_address = "anna@a.example" }
#define OTHERS \
        { PROBE_OTHER_SECURITY, "imap", "imap.b.example", 143, MD_SECURITY_STARTTLS, "anna@a.example", "tls.closed", \
          "not-tried" }, \
        { PROBE_OTHER_SECURITY, "imap", "imap.b.example", 993, MD_SECURITY_STARTTLS, "anna@a.example", "tls.closed", \
          "not-tried" }
#define ANNA "anna@a.example"

/* ---- the first round ---- */

static const Case firsts[] = {
        { "tables are asked at the start", ANNA,
          .planned = { "configured imap imap.b.example:993 tls +login", "finder table a.example" } },
        { "also when only that is asked", ANNA, .search = true, .no_service = true,
          .planned = { "finder table a.example" } },
        { "not when another one is asked for", ANNA, .search = true, .no_service = true, .origin = "web",
          .planned = { 0 } },
        { "nobody is asked about an address in brackets", "anna@[192.0.2.1]", .username = "anna",
          .planned = { "configured imap imap.b.example:993 tls +login" } },
        { "nor about a domain without a dot", "anna@localhost", .username = "anna",
          .planned = { "configured imap imap.b.example:993 tls +login" } },
        { "a quoted local part loses its quotes", "\"a \\\"b\"@a.example",
          .planned = { "configured imap imap.b.example:993 tls +login", "finder table a.example local=a \"b" } },
};

/* ---- later rounds ---- */

static const Case laters[] = {
        { "what works is not asked about", ANNA, .seen = { IMAP(NULL, "ok"), TOLD("table", NULL) } },
        { "a service fails: those on the network are asked", ANNA,
          .seen = { IMAP("tls.closed", "not-tried"), OTHERS, TOLD("table", NULL) },
          .planned = { "finder web a.example" } },
        { "not where that was forbidden", ANNA, .offline = true,
          .seen = { IMAP("tls.closed", "not-tried"), OTHERS, TOLD("table", NULL) } },
        { "once", ANNA, .seen = { IMAP("tls.closed", "not-tried"), OTHERS, TOLD("table", NULL), TOLD("web", NULL) } },
        { "what they say is tried, without the secret", ANNA,
          .seen = { IMAP("tls.closed", "not-tried"), OTHERS, TOLD("table", "candidate imap imap.c.example:993 tls table"),
                    TOLD("web", "candidate imap imap.a.example:143 starttls https", "candidate smtp s.a.example:465 tls") },
          .planned = { "discovered imap imap.a.example:143 starttls", "discovered imap imap.c.example:993 tls" } },
        { "not what speaks against itself", ANNA,
          .seen = { IMAP("tls.closed", "not-tried"), OTHERS, TOLD("table", NULL),
                    TOLD("web", "candidate imap evil.c.example:993 tls insecure foreign",
                         "candidate imap plain.a.example:143 none https",
                         "candidate imap old.a.example:993 tls https until=2020") } },
        { "nor what the settings have already", ANNA,
          .seen = { IMAP("tls.closed", "not-tried"), OTHERS, TOLD("table", "candidate imap imap.b.example:993 tls table"),
                    TOLD("web", NULL) } },
        { "the best of it is proved by the one login", ANNA,
          .seen = { IMAP("tls.closed", "not-tried"), OTHERS, TOLD("table", "candidate imap imap.c.example:993 tls table"),
                    TOLD("web", NULL),
                    { PROBE_DISCOVERED, "imap", "imap.c.example", 993, MD_SECURITY_TLS, ANNA, NULL, "not-tried" } },
          .planned = { "proof imap imap.c.example:993 tls +login" } },
        { "its login waits for those who are asked", ANNA,
          .seen = { IMAP("tls.closed", "not-tried"), OTHERS, TOLD("table", "candidate imap imap.c.example:993 tls table"),
                    { PROBE_DISCOVERED, "imap", "imap.c.example", 993, MD_SECURITY_TLS, ANNA, NULL, "not-tried" },
                    { PROBE_FINDER, "web", "a.example" } } },
        { "as long as there is time", ANNA, .left_ms = 4000,
          .seen = { IMAP("tls.closed", "not-tried"), OTHERS, TOLD("table", "candidate imap imap.c.example:993 tls table"),
                    { PROBE_DISCOVERED, "imap", "imap.c.example", 993, MD_SECURITY_TLS, ANNA, NULL, "not-tried" },
                    { PROBE_FINDER, "web", "a.example" } },
          .planned = { "proof imap imap.c.example:993 tls +login" } },
        { "also when it was guessed before", ANNA,
          .seen = { IMAP("tls.closed", "not-tried"), OTHERS, TOLD("table", "candidate imap imap.c.example:993 tls table"),
                    TOLD("web", NULL),
                    { PROBE_USUAL_NAME, "imap", "imap.c.example", 993, MD_SECURITY_TLS, ANNA, NULL, "not-tried" } },
          .planned = { "proof imap imap.c.example:993 tls +login" } },
        { "a guess alone has no secret", ANNA,
          .seen = { IMAP("tls.closed", "not-tried"), OTHERS, TOLD("table", NULL),
                    TOLD("web", "candidate imap imap.c.example:993 tls insecure foreign"),
                    { PROBE_USUAL_NAME, "imap", "imap.c.example", 993, MD_SECURITY_TLS, ANNA, NULL, "not-tried" } } },
        { "it has the user name that is published", ANNA, .seen = { IMAP("tls.closed", "not-tried"), OTHERS,
                    TOLD("table", "candidate imap imap.c.example:993 tls table form=local-part user=anna"), TOLD("web", NULL),
                    { PROBE_DISCOVERED, "imap", "imap.c.example", 993, MD_SECURITY_TLS, ANNA, NULL, "not-tried" } },
          .planned = { "proof imap imap.c.example:993 tls anna +login" } },

        { "a refused login: first those on the network", ANNA,
          .seen = { IMAP("auth.rejected", "refused"), TOLD("table", NULL) }, .planned = { "finder web a.example" } },
        { "whose plugins are not known yet", ANNA, .incomplete = true,
          .seen = { IMAP("auth.rejected", "refused"), TOLD("table", NULL), TOLD("web", NULL) } },
        { "then the other form", ANNA, .seen = { IMAP("auth.rejected", "refused"), TOLD("table", NULL), TOLD("web", NULL) },
          .planned = { "other-username imap imap.b.example:993 tls anna +login" } },
        { "or the one that is published", ANNA, .seen = { IMAP("auth.rejected", "refused"), TOLD("web", NULL),
                    TOLD("table", "candidate imap imap.b.example:993 tls table form=other user=anna+a.example") },
          .planned = { "other-username imap imap.b.example:993 tls anna+a.example +login" } },
        { "none when it was refused", ANNA, .seen = { IMAP("auth.rejected", "refused"), TOLD("web", NULL),
                    TOLD("table", "candidate imap imap.b.example:993 tls table form=address user=anna@a.example") } },
        { "sources that differ say nothing", ANNA, .seen = { IMAP("auth.rejected", "refused"),
                    TOLD("web", "candidate imap imap.b.example:143 starttls https form=local-part user=anna"),
                    TOLD("table", "candidate imap imap.b.example:993 tls table form=address user=anna@a.example"),
                    { PROBE_DISCOVERED, "imap", "imap.b.example", 143, MD_SECURITY_STARTTLS, ANNA, "tcp.refused", "not-tried" } },
          .planned = { "other-username imap imap.b.example:993 tls anna +login" } },
        { "nor does one that nobody should listen to", ANNA, .seen = { IMAP("auth.rejected", "refused"), TOLD("table", NULL),
                    TOLD("web", "candidate imap imap.b.example:993 tls insecure foreign form=other user=mallory") },
          .planned = { "other-username imap imap.b.example:993 tls anna +login" } },
        { "the exchangers are handed to the table", ANNA,
          .seen = { IMAP("tls.closed", "not-tried"), OTHERS, TOLD("table", NULL), TOLD("web", "mx mx1.c.example mx2.c.example") },
          .planned = { "finder table a.example mx=mx1.c.example" } },
        { "names that are nearly known", ANNA, .offline = true,
          .seen = { IMAP("dns.no-such-name", "not-tried"),
                    { PROBE_USUAL_NAME, "imap", "imap.a.example", 993, MD_SECURITY_TLS, ANNA, "tcp.refused", "not-tried" },
                    { PROBE_USUAL_NAME, "imap", "imap.a.example", 143, MD_SECURITY_STARTTLS, ANNA, "tcp.refused", "not-tried" },
                    { PROBE_USUAL_NAME, "imap", "mail.a.example", 993, MD_SECURITY_TLS, ANNA, "tcp.refused", "not-tried" },
                    { PROBE_USUAL_NAME, "imap", "mail.a.example", 143, MD_SECURITY_STARTTLS, ANNA, "tcp.refused", "not-tried" },
                    TOLD("table", "resembles host imap.b.example imap.bb.example", "resembles host other.x imap.x.example") },
          .planned = { "usual-name imap mail.b.example:993 tls", "usual-name imap mail.b.example:143 starttls",
                       "similar-name imap imap.bb.example:993 tls", "similar-name imap imap.bb.example:143 starttls" } },
};

static const Case searches[] = {
        { "those on the network, too", ANNA, .search = true, .no_service = true, .seen = { TOLD("table", NULL) },
          .planned = { "finder web a.example" } },
        { "but not offline", ANNA, .search = true, .no_service = true, .offline = true,
          .seen = { TOLD("table", "candidate imap imap.c.example:993 tls table") } },
        { "all that is encrypted is tried, with nothing of the account", ANNA, .search = true, .no_service = true,
          .seen = { TOLD("table", "candidate imap imap.c.example:993 tls table", "candidate pop3 p.c.example:110 none"),
                    TOLD("web", "candidate smtp evil.c.example:465 tls insecure foreign") },
          .planned = { "discovered imap imap.c.example:993 tls", "discovered smtp evil.c.example:465 tls" } },
        { "unless that was forbidden", ANNA, .search = true, .no_service = true, .no_probe = true,
          .seen = { TOLD("table", "candidate imap imap.c.example:993 tls table"), TOLD("web", NULL) } },
        { "a protocol that nobody speaks here is not", ANNA, .search = true, .no_service = true,
          .seen = { TOLD("table", "candidate jmap j.c.example:443 tls table"), TOLD("web", NULL) } },
        { "nor one thing twice", ANNA, .search = true, .no_service = true,
          .seen = { TOLD("table", "candidate imap imap.c.example:993 tls table"), TOLD("web", NULL),
                    { PROBE_DISCOVERED, "imap", "imap.c.example", 993, MD_SECURITY_TLS, NULL, NULL, NULL,
                      .service = SERVICE_NONE } } },
        { "no service was given: those on the network, and no trials", ANNA, .no_service = true,
          .seen = { TOLD("table", "candidate imap imap.c.example:993 tls table") }, .planned = { "finder web a.example" } },
};

static void settings_for(Settings *settings, const Case *test) {
        ServiceSettings *service;

        settings_init(settings);
        settings->address = strdup(test->address);
        settings->search.only = test->search;
        settings->search.no_probe = test->no_probe;
        settings->search.offline = test->offline;
        if (test->origin) {
                settings->search.origins = calloc(2, sizeof(char *));
                settings->search.origins[0] = strdup(test->origin);
        }
        if (test->no_service)
                return;
        ck_assert_int_eq(settings_add_service(settings, NULL, &service), 0);
        service->protocol = strdup("imap");
        service->host = strdup("imap.b.example");
        service->port = 993;
        service->security = MD_SECURITY_TLS;
        service->security_auto = false;
        service->username = strdup(test->username ? test->username : ANNA);
        service->secret_fd = dup(0);
}

static void describe(const PlannedProbe *probe, char *ret, size_t size) {
        const MdTarget *target = &probe->target;
        bool other_user = target->username && probe->why != PROBE_CONFIGURED && strcmp(target->username, ANNA);
        bool plain = target->local_part && !strcmp(target->local_part, "anna");

        if (probe->why == PROBE_FINDER)
                snprintf(ret, size, "finder %s %s%s%s%s%s", target->plugin, target->host, target->mx ? " mx=" : "",
                         target->mx ? target->mx[0] : "", plain ? "" : " local=", plain ? "" : target->local_part);
        else
                snprintf(ret, size, "%s %s %s:%u %s%s%s%s", probe_why_to_string(probe->why), target->plugin, target->host,
                         target->port, md_security_to_string(target->security), other_user ? " " : "",
                         other_user ? target->username : "",
                         probe->fds[MD_TARGET_FD_SECRET] >= 0 ? " +login" : "");
}

static void assert_planned(const Case *test, const Plan *plan) {
        char text[256];

        for (size_t i = 0; i < plan->n_probes; i++) {
                describe(&plan->probes[i], text, sizeof(text));
                ck_assert_msg(i < PLANNED_MAX && test->planned[i] && !strcmp(test->planned[i], text),
                              "%s: planned '%s' instead of '%s'", test->name, text,
                              i < PLANNED_MAX && test->planned[i] ? test->planned[i] : "nothing");
        }
        ck_assert_msg(!test->planned[plan->n_probes], "%s: '%s' is missing", test->name, test->planned[plan->n_probes]);
}

START_TEST(first) {
        const Case *test = &firsts[_i];
        Registry *registry = seen_registry();
        const PlanContext context = { .registry = registry, .time_scale = 1, .data_dir = "/etc/x",
                                      .proxy = "http://proxy.example:1", .ispdb = "https://db.example/" };
        char *error = NULL;
        Settings settings;
        Plan plan;

        settings_for(&settings, test);
        ck_assert_int_eq(plan_configured(&settings, &context, &plan, &error), 0);
        assert_planned(test, &plan);
        for (size_t i = 0; i < plan.n_probes; i++)
                if (plan.probes[i].why == PROBE_FINDER) {
                        ck_assert_str_eq(plan.probes[i].target.data_dir, "/etc/x");
                        ck_assert_str_eq(plan.probes[i].target.proxy, "http://proxy.example:1");
                        ck_assert_str_eq(plan.probes[i].target.ispdb, "https://db.example/");
                        ck_assert_pstr_eq(plan.probes[i].target.hosts[0], test->no_service ? NULL : "imap.b.example");
                }
        plan_done(&plan);
        settings_done(&settings);
        registry_free(registry);
}
END_TEST

static void later_case(const Case *test) {
        Registry *registry = seen_registry();
        Report *report = report_new(test->address, 1);
        const PlanContext context = { .registry = registry, .time_scale = 1, .incomplete = test->incomplete };
        Settings settings;
        Plan plan;

        settings_for(&settings, test);
        for (size_t i = 0; i < SEEN_MAX && test->seen[i].protocol; i++)
                seen_add(report, test->seen[i].service, &test->seen[i]);
        ck_assert_int_eq(plan_next(&settings, &context, report, test->left_ms ? test->left_ms : 19000, &plan), 0);
        assert_planned(test, &plan);
        plan_done(&plan);
        settings_done(&settings);
        report_free(report);
        registry_free(registry);
}

START_TEST(later) {
        later_case(&laters[_i]);
}
END_TEST

START_TEST(search) {
        later_case(&searches[_i]);
}
END_TEST

/* ---- where no service was given ---- */

static const struct {
        const char *told[4];
        const char *services[3];
        bool runs;                      /* somebody has not answered yet */
} assumptions[] = {
        { { "candidate imap i.c.example:993 tls form=local-part user=anna", "candidate smtp s.c.example:465 tls",
            "candidate pop3 p.c.example:995 tls" },
          { "imap i.c.example:993 tls anna", "smtp s.c.example:465 tls anna@a.example" } },
        { { "candidate pop3 p.c.example:995 tls" }, { "pop3 p.c.example:995 tls anna@a.example" } },
        { { "candidate imap i.c.example:143 none", "candidate smtp evil.c.example:465 tls insecure foreign" }, { 0 } },
        { { "candidate imap i.c.example:993 tls" }, { 0 }, .runs = true },
};

START_TEST(assume) {
        Registry *registry = seen_registry();
        Report *report = report_new(ANNA, 1);
        Settings settings;
        char text[256];
        Seen seen = TOLD("web", NULL);

        memcpy(seen.told, assumptions[_i].told, sizeof(assumptions[_i].told));
        if (assumptions[_i].runs)
                seen.login = NULL;
        settings_for(&settings, &(Case) { .address = ANNA, .no_service = true });
        seen_add(report, 0, &seen);
        ck_assert_int_eq(plan_may_assume(&settings, report), !assumptions[_i].runs);
        if (!assumptions[_i].runs)
                ck_assert_int_eq(plan_assume(&settings, report, registry), 0);
        for (size_t i = 0; i < settings.n_services; i++) {
                const ServiceSettings *service = &settings.services[i];
                snprintf(text, sizeof(text), "%s %s:%u %s %s", service->protocol, service->host, service->port,
                         md_security_to_string(service->security), service->username);
                ck_assert_pstr_eq(text, assumptions[_i].services[i]);
                ck_assert_str_eq(service->assumed_from, "web");
        }
        ck_assert_ptr_null(assumptions[_i].services[settings.n_services]);
        settings_done(&settings);
        report_free(report);
        registry_free(registry);
}
END_TEST

int main(void) {
        Suite *suite = suite_create("plan-discovery");
        TCase *tcase = tcase_create("plan-discovery");
        tcase_add_loop_test(tcase, first, 0, sizeof(firsts) / sizeof(firsts[0]));
        tcase_add_loop_test(tcase, later, 0, sizeof(laters) / sizeof(laters[0]));
        tcase_add_loop_test(tcase, search, 0, sizeof(searches) / sizeof(searches[0]));
        tcase_add_loop_test(tcase, assume, 0, sizeof(assumptions) / sizeof(assumptions[0]));
        suite_add_tcase(suite, tcase);
        return run_suite(suite);
}
