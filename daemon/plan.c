/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The planner: settings in, targets out. */

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "plan.h"

void plan_done(Plan *plan) {
        for (size_t i = 0; plan && i < plan->n_probes; i++)
                md_target_done(&plan->probes[i].target);
        if (plan) {
                free(plan->probes);
                *plan = (Plan) { 0 };
        }
}

/* ---- ports and security ---- */

static const MdEndpoint *endpoint_of_port(const PluginInfo *plugin, uint16_t port) {
        for (size_t i = 0; i < plugin->n_endpoints; i++)
                if (plugin->endpoints[i].port == port)
                        return &plugin->endpoints[i];
        return NULL;
}

/* The default port of a security; clear text uses the port of STARTTLS. */
static uint16_t port_of_security(const PluginInfo *plugin, MdSecurity security) {
        for (size_t i = 0; i < plugin->n_endpoints; i++)
                if (plugin->endpoints[i].security == security)
                        return plugin->endpoints[i].port;
        return security == MD_SECURITY_NONE ? port_of_security(plugin, MD_SECURITY_STARTTLS) : 0;
}

typedef struct Choice {
        uint16_t port;
        MdSecurity security;
} Choice;

/* What "auto" means: the security that belongs to the port, or else every one that encrypts, implicit TLS first
 * (RFC 8314 section 3). */
static size_t choices_auto(const PluginInfo *plugin, uint16_t port, Choice ret[static 2]) {
        static const MdSecurity order[] = { MD_SECURITY_TLS, MD_SECURITY_STARTTLS };
        const MdEndpoint *known = port ? endpoint_of_port(plugin, port) : NULL;
        size_t n = 0;

        if (known) {
                ret[0] = (Choice) { port, known->security };
                return 1;
        }
        for (size_t i = 0; i < sizeof(order) / sizeof(order[0]); i++) {
                uint16_t usual = port_of_security(plugin, order[i]);
                if (usual)
                        ret[n++] = (Choice) { port ? port : usual, order[i] };
        }
        return n;
}

static size_t choices_of(const PluginInfo *plugin, const ServiceSettings *service, Choice ret[static 2]) {
        if (service->security_auto)
                return choices_auto(plugin, service->port, ret);
        uint16_t port = service->port ? service->port : port_of_security(plugin, service->security);
        ret[0] = (Choice) { port, service->security };
        return port != 0;
}

/* ---- targets ---- */

static char *copy(const char *text, bool *failed) {
        char *copied = text ? strdup(text) : NULL;
        *failed = *failed || (text && !copied);
        return copied;
}

static char **copy_list(char *const *list, bool *failed) {
        size_t n = 0;
        if (!list)
                return NULL;
        while (list[n])
                n++;
        char **copied = calloc(n + 1, sizeof(char *));
        *failed = *failed || !copied;
        for (size_t i = 0; copied && i < n; i++)
                copied[i] = copy(list[i], failed);
        return copied;
}

/* What is the same for all targets of one planning. */
typedef struct Frame {
        const Settings *settings;
        uint32_t timeout_ms;
        uint32_t time_scale;
} Frame;

static int fill_target(const Frame *frame, const ServiceSettings *service, Choice choice, bool with_login,
                       MdTarget *ret) {
        bool failed = false;
        const char *address = service->address ? service->address : frame->settings->address;
        MdDepth depth = settings_depth(frame->settings, service);

        *ret = (MdTarget) {
                .plugin = copy(service->protocol, &failed),
                .host = copy(service->host, &failed),
                .connect_to = copy(service->connect_to, &failed),
                .tls_name = copy(service->tls_name, &failed),
                .port = choice.port,
                .security = choice.security,
                .depth = with_login || depth < MD_DEPTH_TLS ? depth : MD_DEPTH_TLS,
                .username = copy(service->username, &failed),
                .address = copy(address, &failed),
                .mechanisms = copy_list(service->mechanisms, &failed),
                .oauth_token = service->oauth_token,
                .allow_cleartext = service->allow_cleartext,
                .timeout_ms = frame->timeout_ms,
                .time_scale = frame->time_scale,
        };
        return failed ? -ENOMEM : 0;
}

static int add_probe(Plan *plan, const Frame *frame, size_t i, ProbeWhy why, Choice choice, bool with_login) {
        const ServiceSettings *service = &frame->settings->services[i];
        PlannedProbe *larger = reallocarray(plan->probes, plan->n_probes + 1, sizeof(PlannedProbe));
        if (!larger)
                return -ENOMEM;
        plan->probes = larger;

        PlannedProbe *probe = &plan->probes[plan->n_probes];
        *probe = (PlannedProbe) {
                .service = i,
                .why = why,
                .fds = {
                        [MD_TARGET_FD_RECORDS] = -1,
                        [MD_TARGET_FD_SECRET] = with_login ? service->secret_fd : -1,
                        [MD_TARGET_FD_CA] = frame->settings->ca_fd,
                        [MD_TARGET_FD_CERTIFICATE] = service->certificate_fd,
                        [MD_TARGET_FD_KEY] = service->key_fd,
                },
        };
        plan->n_probes++;
        return fill_target(frame, service, choice, with_login, &probe->target);
}

static int refuse(char **ret_error, const char *format, const char *what) {
        return asprintf(ret_error, format, what) < 0 ? -ENOMEM : -ENOENT;
}

static int add_service(Plan *plan, const Frame *frame, size_t i, const Registry *registry, char **ret_error) {
        const ServiceSettings *service = &frame->settings->services[i];
        const PluginInfo *plugin = registry_plugin(registry, service->protocol);
        ProbeWhy why = service->security_auto ? PROBE_AUTO : PROBE_CONFIGURED;
        Choice choices[2];

        if (!plugin)
                return refuse(ret_error, "no plugin for protocol '%s' is loaded", service->protocol);
        size_t n = choices_of(plugin, service, choices);
        if (n == 0)
                return refuse(ret_error, "protocol '%s' has no default port for this security; give one",
                              service->protocol);
        for (size_t k = 0; k < n; k++) {
                int r = add_probe(plan, frame, i, why, choices[k], k == 0);
                if (r < 0)
                        return r;
        }
        return 0;
}

int plan_configured(const Settings *settings, const Registry *registry, uint32_t time_scale, Plan *ret,
                    char **ret_error) {
        const Frame frame = { settings, settings->timeout_ms, time_scale };
        Plan plan = { 0 };
        int r = 0;

        for (size_t i = 0; r >= 0 && i < settings->n_services; i++)
                r = add_service(&plan, &frame, i, registry, ret_error);
        if (r < 0)
                plan_done(&plan);
        else
                *ret = plan;
        return r;
}

/* ---- what comes next ---- */

static bool saw_error(const ProbeLog *log, const Registry *registry) {
        for (const MdRecord *record = NULL; (record = probe_log_next(log, record, "finding"));) {
                const MdFindingInfo *info = registry_finding(registry, md_record_text(record, "code"), NULL);
                if (info && info->severity == MD_SEVERITY_ERROR)
                        return true;
        }
        return false;
}

static bool tried_login(const ProbeLog *log) {
        const MdRecord *end = probe_log_next(log, NULL, "end");
        return end && strcmp(md_record_text(end, "login"), "not-tried");
}

/* The candidate of an open security that works, when no candidate came to a login; NULL when there is none, or not
 * all have ended. */
static const ProbeLog *candidate_for_login(const Report *report, size_t service, const Registry *registry) {
        const ProbeLog *works = NULL;
        for (size_t i = 0; i < report->n_logs; i++) {
                const ProbeLog *log = report->logs[i];
                if (log->service != service)
                        continue;
                if (log->end == PROBE_RUNNING || log->why != PROBE_AUTO || tried_login(log))
                        return NULL;
                if (log->end == PROBE_ENDED && !saw_error(log, registry) && !works)
                        works = log;
        }
        return works;
}

int plan_next(const Settings *settings, const Registry *registry, const Report *report, uint32_t left_ms,
              uint32_t time_scale, Plan *ret) {
        const Frame frame = { settings, left_ms, time_scale };
        Plan plan = { 0 };

        for (size_t i = 0; i < settings->n_services && left_ms >= PLAN_LEAST_MS; i++) {
                const ServiceSettings *service = &settings->services[i];
                if (service->secret_fd < 0 || settings_depth(settings, service) < MD_DEPTH_AUTH)
                        continue;
                const ProbeLog *log = candidate_for_login(report, i, registry);
                if (!log)
                        continue;
                int r = add_probe(&plan, &frame, i, PROBE_AUTO_LOGIN, (Choice) { log->target.port, log->target.security },
                                  true);
                if (r < 0) {
                        plan_done(&plan);
                        return r;
                }
        }
        *ret = plan;
        return 0;
}
