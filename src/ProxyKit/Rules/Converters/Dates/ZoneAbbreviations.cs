using System.Buffers.Binary;
using System.Globalization;
using System.Text;

namespace ProxyKit.Rules.Converters.Dates;

/// <summary>What the times of a zone are called for short (CEST), which .NET does not tell: read from the system's files (RFC
/// 9636).</summary>
internal sealed class ZoneAbbreviations
{
    private const int HeaderLength = 44, TypeLength = 6;

    private readonly List<(int Offset, bool IsSummer, string Name)> _types = [];

    private ZoneAbbreviations()
    {
    }

    /// <summary>Those of the process's own zone.</summary>
    public static ZoneAbbreviations Local { get; } = For(TimeZoneInfo.Local);

    /// <summary>Those of a zone; none where the system has no file of it.</summary>
    public static ZoneAbbreviations For(TimeZoneInfo zone)
    {
        var result = new ZoneAbbreviations();
        var local = zone.Id == TimeZoneInfo.Local.Id ? "/etc/localtime" : "";
        foreach (var file in new[] { Path.Combine("/usr/share/zoneinfo", zone.Id), local })
        {
            try
            {
                if (File.Exists(file))
                {
                    result.Read(File.ReadAllBytes(file));
                    break;
                }
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
            {
                result._types.Clear(); // not a file of that format, or none for us: the offset stands in
            }
        }

        return result;
    }

    /// <summary>The name of a time.</summary>
    public string At(in CivilTime time)
    {
        if (time.Zone == TimeZoneInfo.Utc)
        {
            return "GMT";
        }

        var offset = time.OffsetSeconds;
        var isSummer = offset != (int)time.Zone.BaseUtcOffset.TotalSeconds;
        string? near = null;
        foreach (var (typeOffset, typeIsSummer, name) in _types)
        {
            if (typeOffset == offset)
            {
                near = name;
                if (typeIsSummer == isSummer)
                {
                    return name;
                }
            }
        }

        var (sign, minutes) = (offset < 0 ? '-' : '+', Math.Abs(offset) / 60);
        return near ?? string.Create(CultureInfo.InvariantCulture, $"{sign}{minutes / 60:d2}{minutes % 60:d2}");
    }

    /// <summary>Reads the kinds of time that a file has, those that were begun last first: an offset had other names in other
    /// times.</summary>
    private void Read(ReadOnlySpan<byte> file)
    {
        if (file.Length < HeaderLength || !file.StartsWith("TZif"u8))
        {
            return;
        }

        var block = file[HeaderLength..];
        var timeLength = 4;
        if (file[4] >= (byte)'2')
        {
            // The first block is for old readers; the second has the same layout with longer times.
            var skipped = (Count(file, 32) * 5) + (Count(file, 36) * TypeLength) + Count(file, 40) + (Count(file, 28) * 8) + Count(file, 24)
                + Count(file, 20);
            file = block[skipped..];
            block = file[HeaderLength..];
            timeLength = 8;
        }

        var (times, types) = (Count(file, 32), Count(file, 36));
        var begun = block.Slice(times * timeLength, times);
        block = block[(times * (timeLength + 1))..];
        var names = block.Slice(types * TypeLength, Count(file, 40));
        var found = new List<(int LastBegun, (int, bool, string) Type)>();
        for (var i = 0; i < types; i++)
        {
            var type = block[(i * TypeLength)..];
            var name = names[type[5]..];
            name = name[..name.IndexOf((byte)0)];
            var offset = BinaryPrimitives.ReadInt32BigEndian(type);
            found.Add((begun.LastIndexOf((byte)i), (offset, type[4] != 0, Encoding.ASCII.GetString(name))));
        }

        _types.AddRange(found.OrderByDescending(static f => f.LastBegun).Select(static f => f.Type));
    }

    private static int Count(ReadOnlySpan<byte> header, int at) => BinaryPrimitives.ReadInt32BigEndian(header[at..]);
}
