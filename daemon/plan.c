/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The planner's first round: the configured targets. What comes after them is in plan-next.c. */

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "plan-private.h"

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
                uint16_t usual = registry_usual_port(plugin, order[i]);
                if (usual)
                        ret[n++] = (Choice) { port ? port : usual, order[i] };
        }
        return n;
}

static size_t choices_of(const PluginInfo *plugin, const ServiceSettings *service, Choice ret[static 2]) {
        if (service->security_auto)
                return choices_auto(plugin, service->port, ret);
        uint16_t port = service->port ? service->port : registry_usual_port(plugin, service->security);
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

static MdDepth draft_depth(const Frame *frame, const Draft *draft) {
        if (draft->connect_only)
                return MD_DEPTH_CONNECT;
        MdDepth depth = settings_depth(frame->settings, &frame->settings->services[draft->service]);
        return draft->with_login || depth < MD_DEPTH_TLS ? depth : MD_DEPTH_TLS;
}

static int fill_target(const Frame *frame, const Draft *draft, MdTarget *ret) {
        const ServiceSettings *service = &frame->settings->services[draft->service];
        const char *address = service->address ? service->address : frame->settings->address;
        const char *username = draft->username ? draft->username : service->username;
        bool failed = false;

        *ret = (MdTarget) {
                .plugin = copy(draft->plugin ? draft->plugin : service->protocol, &failed),
                .host = copy(draft->host ? draft->host : service->host, &failed),
                .connect_to = draft->host ? NULL : copy(service->connect_to, &failed),
                .tls_name = draft->host ? NULL : copy(service->tls_name, &failed),
                .port = draft->port,
                .security = draft->security,
                .depth = draft_depth(frame, draft),
                .username = copy(draft->connect_only ? NULL : username, &failed),
                .address = copy(draft->connect_only ? NULL : address, &failed),
                .mechanisms = copy_list(draft->connect_only || draft->any_mechanism ? NULL : service->mechanisms,
                                        &failed),
                .oauth_token = service->oauth_token,
                .allow_cleartext = service->allow_cleartext,
                .thorough = frame->settings->thorough && probe_why_is_configured(draft->why),
                .timeout_ms = frame->timeout_ms,
                .time_scale = frame->time_scale,
        };
        return failed ? -ENOMEM : 0;
}

int plan_add(Plan *plan, const Frame *frame, const Draft *draft) {
        const ServiceSettings *service = &frame->settings->services[draft->service];
        PlannedProbe *larger = reallocarray(plan->probes, plan->n_probes + 1, sizeof(PlannedProbe));
        if (!larger)
                return -ENOMEM;
        plan->probes = larger;

        PlannedProbe *probe = &plan->probes[plan->n_probes];
        *probe = (PlannedProbe) {
                .service = draft->service,
                .why = draft->why,
                .fds = {
                        [MD_TARGET_FD_RECORDS] = -1,
                        [MD_TARGET_FD_SECRET] = draft->with_login ? service->secret_fd : -1,
                        [MD_TARGET_FD_CA] = frame->settings->ca_fd,
                        [MD_TARGET_FD_CERTIFICATE] = draft->connect_only ? -1 : service->certificate_fd,
                        [MD_TARGET_FD_KEY] = draft->connect_only ? -1 : service->key_fd,
                },
        };
        plan->n_probes++;
        return fill_target(frame, draft, &probe->target);
}

/* ---- the configured targets ---- */

static int refuse(char **ret_error, const char *format, const char *what) {
        return asprintf(ret_error, format, what) < 0 ? -ENOMEM : -ENOENT;
}

static int add_service(Plan *plan, const Frame *frame, size_t i, char **ret_error) {
        const ServiceSettings *service = &frame->settings->services[i];
        const PluginInfo *plugin = registry_plugin(frame->registry, service->protocol);
        Choice choices[2];

        if (!plugin)
                return refuse(ret_error, "no plugin for protocol '%s' is loaded", service->protocol);
        size_t n = choices_of(plugin, service, choices);
        if (n == 0)
                return refuse(ret_error, "protocol '%s' has no default port for this security; give one",
                              service->protocol);
        for (size_t k = 0; k < n; k++) {
                const Draft draft = {
                        .service = i,
                        .why = service->security_auto ? PROBE_AUTO : PROBE_CONFIGURED,
                        .port = choices[k].port,
                        .security = choices[k].security,
                        .with_login = k == 0,
                };
                int r = plan_add(plan, frame, &draft);
                if (r < 0)
                        return r;
        }
        return 0;
}

static Frame first_frame(const Settings *settings, const PlanContext *context) {
        return (Frame) {
                settings, context->registry, settings->timeout_ms, context->time_scale, context->data_dir, context->proxy,
                context->ispdb,
        };
}

static int give(Plan *plan, int r, Plan *ret) {
        if (r < 0)
                plan_done(plan);
        else
                *ret = *plan;
        return r;
}

static int add_services(Plan *plan, const Frame *frame, char **ret_error) {
        int r = 0;
        for (size_t i = 0; r >= 0 && i < frame->settings->n_services; i++)
                r = add_service(plan, frame, i, ret_error);
        return r;
}

int plan_services(const Settings *settings, const PlanContext *context, Plan *ret, char **ret_error) {
        const Frame frame = first_frame(settings, context);
        Plan plan = { 0 };

        return give(&plan, add_services(&plan, &frame, ret_error), ret);
}

/* The tables come last in the order of the report, although what they say may decide about a login. */
int plan_configured(const Settings *settings, const PlanContext *context, Plan *ret, char **ret_error) {
        const Frame frame = first_frame(settings, context);
        Plan plan = { 0 };

        int r = add_services(&plan, &frame, ret_error);
        return give(&plan, r < 0 ? r : plan_ask_tables(&plan, &frame, NULL), ret);
}
