using System.Text.RegularExpressions;

namespace ProxyKit.Tests.Http1;

/// <summary>A response to a GET as the rules say it is to be read, for the fuzz test to compare with.</summary>
/// <param name="Status">200 when it is accepted, 0 when it is not finished, else 502.</param>
/// <param name="Consumed">Where the head ends.</param>
/// <param name="Forwarded">What a client is sent.</param>
internal sealed partial record ReferenceResponse(int Status, int Consumed, string Forwarded)
{
    public static ReferenceResponse Read(string wire)
    {
        try
        {
            var cursor = new ReferenceCursor(wire, 0, 15360);
            foreach (var c in "HTTP/1.")
            {
                if (cursor.Next() != c)
                {
                    throw new ReferenceCursor.Stop(502);
                }
            }

            var line = cursor.While(c => c is '\t' or >= ' ' and not '\x7f');
            cursor.LineEnd();
            var match = StatusLine().Match(line);
            if (!match.Success)
            {
                throw new ReferenceCursor.Stop(502);
            }

            var fields = cursor.Fields(100);
            _ = ReferenceFraming.Read(fields, out _);
            var status = match.Groups["status"].Value;
            if (status[0] == '1' || status == "204")
            {
                ReferenceFraming.Drop(fields, "content-length");
                ReferenceFraming.Drop(fields, "transfer-encoding");
            }

            var start = $"HTTP/1.{(line[0] == '0' ? 0 : 1)} {status} {match.Groups["reason"].Value}\n";
            return new(200, cursor.Position, start + string.Concat(fields.Select(field => $"{field.Name}: {field.Value}\n")));
        }
        catch (ReferenceCursor.Stop stop)
        {
            return new(stop.Status == 0 ? 0 : 502, 0, "");
        }
    }

    [GeneratedRegex(@"\A[0-9][ \t]+(?<status>[1-9][0-9][0-9])([ \t](?<reason>.*))?\z")]
    private static partial Regex StatusLine();
}
