# A package index: directories of a folder, and below /private/ only with a user name and password.
# With a certificate and its key, the same over HTTPS on port 8443.
import base64
import http.server
import os
import ssl
import sys
import threading

WANTED = "Basic " + base64.b64encode(b"me:s3cret pass").decode()


class Handler(http.server.SimpleHTTPRequestHandler):
    def do_GET(self):
        if self.path.startswith("/private/"):
            if self.headers.get("Authorization") != WANTED:
                self.send_response(401)
                self.send_header("WWW-Authenticate", "Basic")
                self.end_headers()
                return
            self.path = self.path.removeprefix("/private")
        super().do_GET()

    do_HEAD = do_GET

    def log_message(self, *args):
        pass


folder, *certificate = sys.argv[1:]
if certificate:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*certificate)
    secure = http.server.ThreadingHTTPServer(("127.0.0.1", 8443), Handler)
    secure.socket = context.wrap_socket(secure.socket, server_side=True)
    threading.Thread(target=secure.serve_forever, daemon=True).start()
os.chdir(folder)
http.server.ThreadingHTTPServer(("127.0.0.1", 8000), Handler).serve_forever()
