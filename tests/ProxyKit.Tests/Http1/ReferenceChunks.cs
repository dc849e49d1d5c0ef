using System.Text;
using System.Globalization;
using ProxyKit.Http1;

namespace ProxyKit.Tests.Http1;

/// <summary>A chunked body as the rules say it is to be read, for the fuzz test to compare with.</summary>
internal static class ReferenceChunks
{
    public static ChunkReading Read(string wire)
    {
        var payload = new StringBuilder();
        var cursor = new ReferenceCursor(wire, 0, int.MaxValue);
        try
        {
            while (true)
            {
                var size = Size(cursor);
                if (size == 0)
                {
                    var trailers = new ReferenceCursor(wire, cursor.Position, 8192);
                    var fields = trailers.Fields(64);
                    var lines = string.Concat(fields.Select(field => $"{field.Name}: {field.Value}\r\n"));
                    return new(ChunkStatus.Done, payload.ToString(), lines, wire[trailers.Position..]);
                }

                for (var i = 0L; i < size; i++)
                {
                    payload.Append(cursor.Next());
                }

                CrLf(cursor);
            }
        }
        catch (ReferenceCursor.Stop stop)
        {
            return new(stop.Status == 0 ? ChunkStatus.NeedMore : ChunkStatus.Invalid, payload.ToString(), "", "");
        }
    }

    private static long Size(ReferenceCursor cursor)
    {
        var digits = "";
        while (char.IsAsciiHexDigit(cursor.Peek()))
        {
            digits += cursor.Next();
            Demand(digits.Length <= 13);
        }

        Demand(digits.Length > 0);
        while (ReferenceCursor.IsBlank(cursor.Peek()))
        {
            cursor.Next();
        }

        Demand(cursor.Peek() is ';' or '\r');
        var quoted = false;
        while (quoted || cursor.Peek() != '\r')
        {
            var c = cursor.Next();
            Demand(c is '\t' or >= ' ' and not '\x7f' && (quoted || c != '\\'));
            quoted ^= c == '"';
            if (c == '\\')
            {
                Demand(cursor.Next() is '\t' or >= ' ' and not '\x7f');
            }
        }

        CrLf(cursor);
        return long.Parse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
    }

    private static void CrLf(ReferenceCursor cursor)
    {
        Demand(cursor.Next() == '\r');
        Demand(cursor.Next() == '\n');
    }

    private static void Demand(bool condition)
    {
        if (!condition)
        {
            throw new ReferenceCursor.Stop(400);
        }
    }
}
