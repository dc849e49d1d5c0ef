namespace ProxyKit.Benchmarks.Http1;

/// <summary>Heads as they are seen in the field.</summary>
internal static class SampleHeads
{
    public static byte[] Curl =>
        "GET /api/items?id=42 HTTP/1.1\r\nHost: api.example.com\r\nUser-Agent: curl/8.5.0\r\nAccept: */*\r\n\r\n"u8.ToArray();

    public static byte[] Browser => [.. """
        GET /shop/cart/items?page=2&sort=price HTTP/1.1
        Host: www.example.com
        Connection: keep-alive
        Cache-Control: max-age=0
        sec-ch-ua: "Chromium";v="126", "Google Chrome";v="126", "Not-A.Brand";v="99"
        sec-ch-ua-mobile: ?0
        sec-ch-ua-platform: "Linux"
        Upgrade-Insecure-Requests: 1
        User-Agent: Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36
        Accept: text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8,application/signed-exchange;v=b3;q=0.7
        Sec-Fetch-Site: same-origin
        Sec-Fetch-Mode: navigate
        Sec-Fetch-User: ?1
        Sec-Fetch-Dest: document
        Referer: https://www.example.com/shop/cart
        Accept-Encoding: gzip, deflate, br, zstd
        Accept-Language: en-US,en;q=0.9,de;q=0.8
        Cookie: session=0a1b2c3d4e5f60718293a4b5c6d7e8f9; theme=dark; consent=analytics%3D1%26ads%3D0


        """.ReplaceLineEndings("\r\n").Select(c => (byte)c)];

    public static byte[] Response => [.. """
        HTTP/1.1 200 OK
        Server: nginx/1.22.1
        Date: Sat, 21 Nov 2026 10:00:00 GMT
        Content-Type: application/octet-stream
        Content-Length: 100
        Last-Modified: Sat, 21 Nov 2026 09:00:00 GMT
        Connection: keep-alive
        ETag: "6740-64"
        Accept-Ranges: bytes


        """.ReplaceLineEndings("\r\n").Select(c => (byte)c)];
}
