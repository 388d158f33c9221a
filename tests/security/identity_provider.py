"""A provider of OpenID Connect on this machine that signs everybody in as whom the test names, without asking."""

import threading
import time
from urllib.parse import urlencode

import uvicorn
from joserfc import jwk, jwt
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse
from starlette.routing import Route

CLIENT, SECRET = "dashboard", "only for this test, and long enough"


class IdentityProvider:
    """claims: of whoever signs in next. Between `start` and `stop` it answers at `url`."""

    def __init__(self, port: int):
        self.url, self.claims = f"http://127.0.0.1:{port}", {}
        self._key = jwk.RSAKey.generate_key(2048, {"kid": "one", "alg": "RS256", "use": "sig"})
        self._asked: dict[str, dict] = {}  # code -> what the client asked with, and who signed in
        routes = [
            Route("/.well-known/openid-configuration", self._configuration),
            Route("/authorize", self._authorize),
            Route("/token", self._token, methods=["POST"]),
            Route("/keys", lambda request: JSONResponse({"keys": [self._key.as_dict(private=False)]})),
        ]
        config = uvicorn.Config(Starlette(routes=routes), host="127.0.0.1", port=port, log_level="error")
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(target=self._server.run, daemon=True)

    def start(self) -> None:
        self._thread.start()
        deadline = time.monotonic() + 20
        while not self._server.started:
            assert time.monotonic() < deadline, "the provider did not start"
            time.sleep(0.05)

    def stop(self) -> None:
        self._server.should_exit = True
        self._thread.join(20)

    def _configuration(self, _request: Request) -> JSONResponse:
        places = {"authorization_endpoint": "authorize", "token_endpoint": "token", "jwks_uri": "keys"}
        kinds = {"response_types": "code", "subject_types": "public", "id_token_signing_alg_values": "RS256"}
        supported = {f"{name}_supported": [value] for name, value in kinds.items()}
        supported["code_challenge_methods_supported"] = ["S256"]
        return JSONResponse(
            {"issuer": self.url, **{name: f"{self.url}/{path}" for name, path in places.items()}, **supported}
        )

    def _authorize(self, request: Request) -> RedirectResponse:
        code = f"code-{len(self._asked)}"
        self._asked[code] = {"nonce": request.query_params["nonce"], "claims": dict(self.claims)}
        answer = urlencode({"code": code, "state": request.query_params["state"]})
        return RedirectResponse(f"{request.query_params['redirect_uri']}?{answer}")

    async def _token(self, request: Request) -> JSONResponse:
        asked = self._asked.pop((await request.form())["code"])
        now = int(time.time())
        told = {"iss": self.url, "aud": CLIENT, "iat": now, "exp": now + 600, "nonce": asked["nonce"]}
        token = jwt.encode(
            {"alg": "RS256", "kid": "one"}, told | {"sub": asked["claims"]["email"]} | asked["claims"], self._key
        )
        return JSONResponse({"access_token": "unused", "token_type": "Bearer", "expires_in": 600, "id_token": token})
