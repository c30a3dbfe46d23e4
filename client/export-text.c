/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* A page with the values, and where an app wants them. */

#include <string.h>

#include "export-head.h"
#include "export-text.h"
#include "guide-page.h"
#include "guide-steps.h"
#include "guide-store.h"
#include "i18n.h"
#include "render.h"

#define COLUMN 16

static const char *auth_text(ExportAuth auth) {
        switch (auth) {
        case EXPORT_PASSWORD:
                return _("the password (“normal password”)");
        case EXPORT_ENCRYPTED:
                return _("the password, as “encrypted password”");
        case EXPORT_OAUTH2:
                return _("OAuth2: the provider asks in a window of the browser");
        case EXPORT_OAUTH2_OR_PASSWORD:
                return _("OAuth2 (a window of the browser) where the app knows it, else a password");
        }
        return "";
}

static void put_service(Page *page, const ExportService *service) {
        bool sends = !strcmp(service->protocol, "smtp");

        page_blank(page);
        page_textf(page, TONE_STRONG, sends ? _("Sending (%s)") : _("Receiving (%s)"), protocol_label(service->protocol).text);
        page_entry(page, 2, TONE_FAINT, _("Server"), COLUMN, service->host);
        page_entryf(page, 2, TONE_FAINT, _("Port"), COLUMN, "%u", service->port);
        page_entry(page, 2, TONE_FAINT, _("Security"), COLUMN, service->security == EXPORT_TLS ? "SSL/TLS" : "STARTTLS");
        page_entry(page, 2, TONE_FAINT, _("User name"), COLUMN, service->username);
        page_entry(page, 2, TONE_FAINT, _("Login"), COLUMN, auth_text(service->auth));
        if (*service->reason)
                page_entryf(page, 2, TONE_FAINT, _("Proof"), COLUMN, "%s (%s)", export_proof_text(service), service->reason);
        else
                page_entry(page, 2, TONE_FAINT, _("Proof"), COLUMN, export_proof_text(service));
}

void export_text(FILE *out, const ExportAccount *account) {
        Page page;
        page_init(&page, out, NULL);

        page_text(&page, TONE_STRONG, account->address);
        for (size_t i = 0; i < account->n_services; i++)
                put_service(&page, &account->services[i]);
        if (account->n_notes > 0)
                page_blank(&page);
        for (size_t i = 0; i < account->n_notes; i++)
                page_entry(&page, 0, TONE_STRONG, i == 0 ? _("Before") : "", COLUMN, account->notes[i]);
}

/* ---- steps ---- */

typedef struct Changes {
        GuideChange list[16];
        size_t n;
        char ports[2][8];
} Changes;

static void add(Changes *changes, const ExportService *service, const char *name, const char *value) {
        const GuideSetting *setting = guide_setting(guide_side(service->protocol), name);
        changes->list[changes->n++] = (GuideChange) { setting, service->protocol, value };
}

static void add_service(Changes *changes, const ExportService *service, char port[static 8]) {
        snprintf(port, 8, "%u", service->port);
        add(changes, service, "host", service->host);
        add(changes, service, "port", port);
        add(changes, service, "security", service->security == EXPORT_TLS ? "tls" : "starttls");
        add(changes, service, "username", service->username);
}

/* Where the app has no place for a setting of its own (it is chosen with another), the step would only confuse. */
static void drop_unknown(Changes *changes, const Guide *guide) {
        size_t kept = 0;
        for (size_t i = 0; i < changes->n; i++)
                if (guide_row(guide, changes->list[i].setting->side, changes->list[i].setting->name))
                        changes->list[kept++] = changes->list[i];
        changes->n = kept;
}

void export_guide(FILE *out, const ExportAccount *account, const Guide *guide) {
        const ExportService *in = export_receiving(account), *smtp = export_service(account, "smtp");
        Changes changes = { .n = 0 };
        bool unverified = false;
        Page page;

        export_text(out, account);
        if (in)
                add_service(&changes, in, changes.ports[0]);
        if (smtp)
                add_service(&changes, smtp, changes.ports[1]);
        drop_unknown(&changes, guide);
        json_t *steps = guide_steps(guide, changes.list, changes.n, &unverified);
        page_init(&page, out, NULL);
        page_blank(&page);
        guide_page_steps(&page, guide, steps, unverified);
        json_decref(steps);
}

void export_outlook(FILE *out, const ExportAccount *account) {
        Guide *guide;
        if (guide_load("outlook-classic", &guide) == 0) {
                export_guide(out, account, guide);
                guide_free(guide);
        } else
                export_text(out, account);
}
