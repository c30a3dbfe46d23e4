/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * From the greeting to an encrypted connection, and who the server is: greeting, CAPABILITY, STARTTLS, ID.
 *
 * One command at a time.  Mail proxies in front of a server read the first command of a segment and drop what
 * comes behind it, until the login is done.
 */

#include <errno.h>
#include <string.h>

#include "imap.h"

/* ---- greeting ---- */

/* RFC 9051 section 7.1.4: STARTTLS is ruled out by it, so a client that wants TLS must go. */
static int greeted_preauth(MdProbe *probe, ImapState *imap) {
        if (!md_is_encrypted(probe) && md_probe_security(probe) != MD_SECURITY_NONE) {
                imap_find(probe, imap, "security.preauth-without-tls");
                return -EPROTO;
        }
        md_fact_truth(probe, "preauth", true);
        md_probe_logged_in(probe);
        return imap_take_code(probe, imap);
}

static int greeted_bye(MdProbe *probe, ImapState *imap) {
        imap->over = true;
        imap_observe_reply(probe, imap, "greeting");
        imap_refused(probe, imap, "greeting");
        return -EPROTO;
}

/* Reads the greeting into the state, which keeps it as evidence.  MD_NEXT, or what md_read_greeting() says, or
 * -EPROTO for a line that is no greeting. */
static int take_greeting(MdProbe *probe, ImapState *imap) {
        const char *line;
        size_t size;

        int r = md_read_greeting(probe, &line, &size);
        if (r != MD_NEXT)
                return r;
        imap->raw = strndup(line, size);
        if (!imap->raw)
                return -ENOMEM;

        r = imap_response_parse(line, size, &imap->response);
        if (r < 0)
                return r;
        const ImapResponse *response = &imap->response;
        if (r == 0 && response->kind == IMAP_STATUS && !response->tag && response->status != IMAP_NO &&
            response->status != IMAP_BAD)
                return MD_NEXT;
        md_find(probe, "greeting.garbage", imap->raw);
        return -EPROTO;
}

int imap_step_greeting(MdProbe *probe, void *state) {
        ImapState *imap = state;

        int r = take_greeting(probe, imap);
        if (r != MD_NEXT) {
                imap->over = true;
                return r;
        }

        md_observe(probe, "greeting", MD_TEXT("text", imap->raw));
        if (imap->response.status == IMAP_BYE)
                return greeted_bye(probe, imap);
        if (imap->response.status == IMAP_PREAUTH)
                return greeted_preauth(probe, imap);
        return imap_take_code(probe, imap);
}

/* ---- CAPABILITY ---- */

static int ask_capabilities(MdProbe *probe, ImapState *imap) {
        int r = imap_ask(probe, imap, IMAP_CAPABILITY, "");
        if (r < 0)
                return r;
        if (imap->response.status != IMAP_OK)
                imap_observe_reply(probe, imap, "CAPABILITY");
        return 0;
}

/* A login needs a mechanism, or LOGIN. */
static bool login_is_offered(const ImapState *imap) {
        const ImapCapabilities *c = &imap->capabilities;
        return (c->mechanisms && c->mechanisms[0]) || !imap_capabilities_have(c, "LOGINDISABLED");
}

/* The list of the greeting will do (RFC 9051 section 7.1), unless it lacks what is needed: it may be
 * short. */
static bool list_will_do(const MdProbe *probe, const ImapState *imap) {
        const ImapCapabilities *c = &imap->capabilities;

        if (!c->words)
                return false;
        if (md_probe_security(probe) == MD_SECURITY_STARTTLS)
                return imap_capabilities_have(c, "STARTTLS");
        return md_probe_is_logged_in(probe) || c->mechanisms[0];
}

static void report_facts(MdProbe *probe, const ImapState *imap) {
        if (md_is_encrypted(probe) && imap_capabilities_have(&imap->capabilities, "STARTTLS"))
                md_fact_truth(probe, "starttls-inside-tls", true);
}

int imap_step_capability(MdProbe *probe, void *state) {
        ImapState *imap = state;

        if (!list_will_do(probe, imap)) {
                int r = ask_capabilities(probe, imap);
                if (r < 0)
                        return r;
        }
        report_facts(probe, imap);

        /* RFC 9051 section 6.2.3 */
        bool needed = md_probe_security(probe) == MD_SECURITY_NONE && !md_probe_is_logged_in(probe);
        if (needed && !login_is_offered(imap)) {
                md_find(probe, "auth.not-possible-without-tls", imap->capabilities.text);
                return -EPROTO;
        }
        return MD_NEXT;
}

/* ---- STARTTLS ---- */

static int starttls_is_missing(MdProbe *probe, const ImapState *imap) {
        const ImapCapabilities *c = &imap->capabilities;

        md_find(probe, imap_capabilities_masked(c) ? "security.starttls-masked" : "tls.starttls-missing",
                c->text ? c->text : imap->raw);
        return -EPROTO;
}

int imap_step_starttls(MdProbe *probe, void *state) {
        ImapState *imap = state;

        if (md_probe_security(probe) != MD_SECURITY_STARTTLS)
                return MD_SKIP;
        if (!imap_capabilities_have(&imap->capabilities, "STARTTLS"))
                return starttls_is_missing(probe, imap);

        int r = imap_ask(probe, imap, IMAP_STARTTLS, "");
        if (r < 0)
                return r;
        if (imap->response.status == IMAP_OK)
                return md_start_tls(probe);

        imap_observe_reply(probe, imap, "STARTTLS");
        imap_refused(probe, imap, "starttls");
        return -EPROTO;
}

/* RFC 9051 section 6.2.1: what was listed before TLS is forgotten. */
int imap_step_after_tls(MdProbe *probe, void *state) {
        ImapState *imap = state;

        if (md_probe_security(probe) != MD_SECURITY_STARTTLS)
                return MD_SKIP;
        imap_capabilities_done(&imap->capabilities);
        int r = ask_capabilities(probe, imap);
        if (r < 0)
                return r;
        report_facts(probe, imap);
        return MD_NEXT;
}

/* ---- ID (RFC 2971) ---- */

int imap_step_id(MdProbe *probe, void *state) {
        ImapState *imap = state;

        if (!imap_capabilities_have(&imap->capabilities, "ID") || md_probe_is_logged_in(probe))
                return MD_SKIP;
        int r = imap_ask(probe, imap, IMAP_ID, IMAP_ID_ARGUMENTS);
        if (r < 0)
                return r;
        if (imap->response.status != IMAP_OK)
                imap_observe_reply(probe, imap, "ID");
        return MD_NEXT;
}
