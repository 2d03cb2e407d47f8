# A package index: directories of a folder, and below /private/ only with a user name and password.
import base64
import http.server
import os
import sys

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


os.chdir(sys.argv[1])
http.server.ThreadingHTTPServer(("127.0.0.1", 8000), Handler).serve_forever()
