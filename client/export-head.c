/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The comment at the top. */

#include <stdio.h>

#include "config.h"
#include "export-escape.h"
#include "export-head.h"
#include "i18n.h"

const char *export_proof_text(const ExportService *service) {
        switch (service->proof) {
        case EXPORT_LOGIN:
                return _("tried: the login works");
        case EXPORT_CONNECTION:
                return _("tried: the connection works; no login was made");
        case EXPORT_UNPROVED:
                return *service->reason ? _("NOT VERIFIED: it was tried and does not work") : _("NOT VERIFIED: it was not tried");
        }
        return "";
}

/* The lines of the comment, each as `put` writes it. */
static void put_lines(FILE *out, const char *begin, void (*put)(FILE *out, const char *text), const ExportFormat *format,
                      const ExportAccount *account) {
        char line[1024];

        snprintf(line, sizeof(line), _("%s, for %s: %s. Written by maildiag %s; it holds no password."), account->address,
                 format->name, format->file, MAILDIAG_VERSION);
        fputs(begin, out);
        put(out, line);
        fputc('\n', out);
        for (size_t i = 0; i < account->n_services; i++) {
                const ExportService *service = &account->services[i];
                if (!export_format_uses(format, account, service))
                        continue;
                snprintf(line, sizeof(line), "%s %s: %s%s%s%s", service->protocol, service->host, export_proof_text(service),
                         *service->reason ? " (" : "", service->reason, *service->reason ? ")" : "");
                fputs(begin, out);
                put(out, line);
                fputc('\n', out);
        }
        for (size_t i = 0; i < account->n_notes; i++) {
                fputs(begin, out);
                put(out, account->notes[i]);
                fputc('\n', out);
        }
        if (format->note) {
                fputs(begin, out);
                put(out, _(format->note));
                fputc('\n', out);
        }
}

static void put_plain(FILE *out, const char *text) {
        fputs(text, out);
}

void put_head(FILE *out, const ExportFormat *format, const ExportAccount *account) {
        switch (format->head) {
        case EXPORT_HEAD_NONE:
                return;
        case EXPORT_HEAD_HASH:
                put_lines(out, "# ", put_plain, format, account);
                return;
        case EXPORT_HEAD_SLASHES:
                put_lines(out, "// ", put_plain, format, account);
                return;
        case EXPORT_HEAD_XML:
        case EXPORT_HEAD_PLIST:
                fputs("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n", out);
                if (format->head == EXPORT_HEAD_PLIST)
                        fputs("<!DOCTYPE plist PUBLIC \"-//Apple//DTD PLIST 1.0//EN\" "
                              "\"http://www.apple.com/DTDs/PropertyList-1.0.dtd\">\n", out);
                fputs("<!--\n", out);
                put_lines(out, "  ", put_xml_comment, format, account);
                fputs("-->\n", out);
                return;
        }
}

void export_write(FILE *out, const ExportFormat *format, const ExportAccount *account) {
        put_head(out, format, account);
        format->write(out, account);
}

void put_account_name(FILE *out, const ExportAccount *account) {
        put_name(out, account->local);
        fputc('-', out);
        put_name(out, account->domain);
}
