"""What the reader says of a message beside its text."""

import screens

SIGNED = b"""\
From: Katherine Johnson <katherine@orbit.example>\r
To: Alice Example <alice@example.org>\r
Subject: checked by hand\r
Message-ID: <signed@orbit.example>\r
MIME-Version: 1.0\r
Content-Type: multipart/signed; micalg=pgp-sha256;\r
 protocol="application/pgp-signature"; boundary=b\r
\r
--b\r
Content-Type: text/plain\r
\r
Signed   good signature by the president\r
--b\r
Content-Type: application/pgp-signature; name=signature.asc\r
\r
-----BEGIN PGP SIGNATURE-----\r
--b--\r
"""

ENCRYPTED = b"""\
From: Katherine Johnson <katherine@orbit.example>\r
Subject: for your eyes\r
Message-ID: <secret@orbit.example>\r
MIME-Version: 1.0\r
Content-Type: multipart/encrypted; protocol="application/pgp-encrypted";\r
 boundary=b\r
\r
--b\r
Content-Type: application/pgp-encrypted\r
\r
Version: 1\r
--b\r
Content-Type: application/octet-stream\r
\r
-----BEGIN PGP MESSAGE-----\r
--b--\r
"""


class Protection(screens.ScreenCase):
    def read(self, message):
        self.append(message=message)
        self.sync()
        screen = self.open()
        screen.screen_has("Katherine Johnson")
        screen.keys("Enter")
        return screen

    def test_a_signature_is_never_called_good(self):
        """IDENT-02, IDENT-03: whatever the sender writes."""
        screen = self.read(SIGNED)
        screen.screen_has("good signature by the president")
        self.assertIn("NOT VERIFIED", screen.row_with("Signed   NOT"))

    def test_encrypted(self):
        screen = self.read(ENCRYPTED)
        screen.screen_has("encrypted: it cannot be opened yet")
