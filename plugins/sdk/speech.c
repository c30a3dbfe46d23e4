/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* From the protocol that was recognised to a finding. */

#include <errno.h>
#include <stdio.h>

#include "probe-state.h"
#include "speech.h"

static int other_protocol(MdProbe *probe, MdSpeech found, const char *bytes, size_t size) {
        const MdField params[] = {
                MD_TEXT("found", md_speech_word(found)),
                MD_TEXT("expected", probe->plugin->name),
                { 0 },
        };
        md_find_bytes(probe, "port.other-protocol", bytes, size, params);
        return -EPROTO;
}

static int other_security(MdProbe *probe, const char *id, MdSecurity suggested, const char *bytes,
                          size_t size) {
        const MdField params[] = { MD_TEXT("suggested", md_security_to_string(suggested)), { 0 } };
        char record[64];

        if (suggested == MD_SECURITY_STARTTLS)
                md_find_bytes(probe, id, bytes, size, params);
        else {          /* RFC 8446 section 5.1 */
                snprintf(record, sizeof(record), "TLS record of type %u", size > 0 ? (unsigned char) bytes[0] : 0);
                md_find_fields(probe, id, record, params);
        }
        return -EPROTO;
}

static int simple(MdProbe *probe, const char *id, const char *bytes, size_t size) {
        md_find_bytes(probe, id, bytes, size, NULL);
        return -EPROTO;
}

int md_speech_judge(MdProbe *probe, MdSpeech found, const char *bytes, size_t size, bool wanted_tls) {
        /* A protocol that the classifier does not know is for the plugin to recognise. */
        MdSpeech expected = md_speech_from_word(probe->plugin->name);

        switch (found) {
        case MD_SPEECH_UNKNOWN:
                if (wanted_tls || expected == MD_SPEECH_UNKNOWN)
                        return 0;
                return simple(probe, "greeting.garbage", bytes, size);
        case MD_SPEECH_HTTP:
                return simple(probe, "port.http", bytes, size);
        case MD_SPEECH_SSH:
                return other_protocol(probe, found, bytes, size);
        case MD_SPEECH_TLS:
        case MD_SPEECH_TLS_ALERT:
                if (wanted_tls)
                        return 0;
                return other_security(probe, "port.expects-implicit-tls", MD_SECURITY_TLS, bytes, size);
        case MD_SPEECH_SMTP:
        case MD_SPEECH_IMAP:
        case MD_SPEECH_POP3:
        case MD_SPEECH_SIEVE:
        case MD_SPEECH_FTP:
        case MD_SPEECH_NNTP:
                break;
        }
        if (found != expected && expected != MD_SPEECH_UNKNOWN)
                return other_protocol(probe, found, bytes, size);
        if (!wanted_tls)
                return 0;
        return other_security(probe, "port.expects-starttls", MD_SECURITY_STARTTLS, bytes, size);
}
