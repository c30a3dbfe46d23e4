/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The pages that explain: protocols, ports, security, what to log in with, and the copy on the server. */

#include <string.h>

#include "guide-topics.h"
#include "i18n.h"

#define COLUMN 12

static const GuideParagraph protocols[] = {
        { NULL, N_("A mail account has two halves. One fetches the mail that came: IMAP or POP3. The other sends what you "
                   "write: SMTP. Each half has a server, a port and a security of its own, so that one can work while "
                   "the other does not.") },
        { "IMAP", N_("The mail stays on the server, and every device shows the same folders. What you read, move or delete "
                     "on the phone is read, moved or deleted on the computer, too. Right for most people, above all "
                     "with more than one device. It needs room on the server.") },
        { "POP3", N_("The mail is fetched to one device, and, unless you say otherwise, removed from the server. Only the "
                     "inbox is fetched; folders and sent mail exist on that device alone. Right for a single computer, "
                     "a small mailbox or a slow line. Then the computer needs a backup. See maildiag guide leave-on-server.") },
        { "SMTP", N_("Sends. The app hands every message to the outgoing server of your provider, which passes it on. That "
                     "server wants a login as well, mostly with the same name and password as for fetching. Apps call it "
                     "outgoing server, and the login “requires authentication”.") },
        { NULL, N_("To change an account from POP3 to IMAP, add it once more as IMAP; apps do not turn one into the other.") },
        { NULL, NULL },
};

static const GuideParagraph ports[] = {
        { NULL, N_("A port is a numbered door of the server. Port and security belong together: behind one door the server "
                   "expects TLS at once, behind the other a greeting in clear text first. Most faults come from a pair that "
                   "does not fit.") },
        { "IMAP", N_("993 with SSL/TLS (the usual one); 143 with STARTTLS") },
        { "POP3", N_("995 with SSL/TLS (the usual one); 110 with STARTTLS") },
        { "SMTP", N_("465 with SSL/TLS (the usual one), or 587 with STARTTLS") },
        { N_("Port 25"), N_("is for servers among themselves. Many networks block it, and many servers accept no login there: "
                            "use 465 or 587 in an app.") },
        { N_("Others"), N_("such as 2525 or 26 exist at some providers. They are no standard: use them only where the "
                           "provider names them.") },
        { NULL, N_("Where one port does not get through, the network may block it; try the other of the pair, with the "
                   "security that belongs to it. (RFC 8314, RFC 6409)") },
        { NULL, NULL },
};

static const GuideParagraph security[] = {
        { "SSL/TLS", N_("The connection is encrypted from its first byte. Apps also call it SSL, TLS, or “SSL/TLS on a "
                        "dedicated port”. Take this one where you can choose.") },
        { "STARTTLS", N_("The connection begins in clear text and changes to encryption before the password is sent. Just as "
                         "good as long as the app insists on it. Apps also call it StartTLS, or TLS where they offer SSL "
                         "and TLS side by side.") },
        { N_("None"), N_("Nothing is encrypted: whoever runs the network on the way can read the mail and the password. "
                         "Never use it outside of your own computer.") },
        { N_("Accept all"), N_("“SSL (accept all certificates)” and the like encrypt, but with anybody who answers. It looks "
                               "like a cure for a certificate warning and is none: the name of the server is wrong, or its "
                               "certificate is, or somebody reads along.") },
        { NULL, N_("A wrong pair of port and security shows itself as “wrong version number”, “SSL error”, or as an app "
                   "that waits and then says that the server did not answer. maildiag check finds out which.") },
        { NULL, NULL },
};

static const GuideParagraph login[] = {
        { N_("User name"), N_("Mostly the whole mail address, and not only what stands before the @. Some providers want "
                              "only that part, or a name of their own.") },
        { N_("Password"), N_("That of the mailbox. It is stored twice in an app, for fetching and for sending; after a change "
                             "both must be changed.") },
        { N_("App password"), N_("Where the account has a second factor, or where the provider says so, an app needs a "
                                 "password of its own that the provider makes on its web page. The usual one is then refused.") },
        { N_("OAuth2"), N_("Some providers (Gmail, Outlook.com and Microsoft 365 among them) let apps in through a window of "
                           "the browser instead. The app must know OAuth2; add the account by its provider's name.") },
        { N_("To send"), N_("Switch “outgoing server requires authentication” on. Without it a server answers that it does "
                            "not relay.") },
        { N_("Switched off"), N_("Some providers leave IMAP and POP3 off until you switch them on in the settings of the "
                                 "webmail.") },
        { NULL, NULL },
};

static const GuideParagraph leave[] = {
        { NULL, N_("This is a question of POP3 only. With IMAP the mail is on the server anyway, and what you delete in the "
                   "app is deleted there, too.") },
        { N_("Leave a copy"), N_("when more than one device fetches the mail, when you also read it in the webmail, when the "
                                 "app is new and not trusted yet, or when the computer has no backup. Otherwise the device "
                                 "that fetches first takes the mail away from the others.") },
        { N_("With a limit"), N_("of some 14 days, and “until I delete them”, where the app offers it: other devices get "
                                 "their turn, and the mailbox does not fill up.") },
        { N_("Leave none"), N_("when one computer fetches all mail and is backed up, or when the mailbox is so small that it "
                               "would be full soon. A full mailbox refuses new mail, and the senders get it back.") },
        { NULL, N_("When every message comes twice, or all of them come again, the server has changed the numbers that the app "
                   "remembers what it has fetched by; see maildiag explain pop3.uidl-unstable.") },
        { NULL, NULL },
};

const GuideTopic guide_topics[] = {
        { "protocols", N_("IMAP, POP3 and SMTP: what they do, and which one to take"), protocols },
        { "ports", N_("The ports, and the security that belongs to each"), ports },
        { "security", N_("SSL/TLS, STARTTLS, none: what apps call them"), security },
        { "login", N_("User name, password, app password"), login },
        { "leave-on-server", N_("When to leave a copy on the server"), leave },
};
const size_t n_guide_topics = sizeof(guide_topics) / sizeof(guide_topics[0]);

const GuideTopic *guide_topic_find(const char *id) {
        for (size_t i = 0; i < n_guide_topics; i++)
                if (!strcmp(guide_topics[i].id, id))
                        return &guide_topics[i];
        return NULL;
}

void guide_topic_page(Page *page, const GuideTopic *topic) {
        page_text(page, TONE_STRONG, _(topic->title));
        page_blank(page);
        for (const GuideParagraph *paragraph = topic->paragraphs; paragraph->text; paragraph++)
                if (paragraph->head)
                        page_entry(page, 0, TONE_STRONG, _(paragraph->head), COLUMN, _(paragraph->text));
                else
                        page_text(page, TONE_PLAIN, _(paragraph->text));
}

void guide_topics_page(Page *page) {
        for (size_t i = 0; i < n_guide_topics; i++)
                page_entry(page, 2, TONE_STRONG, guide_topics[i].id, 24, _(guide_topics[i].title));
}
