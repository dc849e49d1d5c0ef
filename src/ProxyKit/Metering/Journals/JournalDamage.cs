using System.Globalization;

namespace ProxyKit.Metering.Journals;

/// <summary>A place of a journal where usage was written that cannot be read: a fault of the disk, or of somebody's hand.</summary>
/// <param name="Kind">What is wrong.</param>
/// <param name="File">The file.</param>
/// <param name="Offset">The place in it, in bytes.</param>
/// <param name="Bytes">How many bytes cannot be read; 0 where they are not there.</param>
public sealed record JournalDamage(JournalDamageKind Kind, string File, long Offset, long Bytes)
{
    /// <summary>How many segments in a row are <see cref="JournalDamageKind.Missing"/>, <see cref="File"/> being the first of them.</summary>
    /// <value>1 by default.</value>
    public long Segments { get; init; } = 1;

    /// <summary>Says it to people.</summary>
    /// <returns>The text.</returns>
    public override string ToString() => Kind switch
    {
        JournalDamageKind.Missing when Segments == 1 => $"{File}: is missing",
        JournalDamageKind.Missing => string.Create(CultureInfo.InvariantCulture, $"{File}: is missing, and {Segments - 1} behind it"),
        JournalDamageKind.CutShort => string.Create(CultureInfo.InvariantCulture, $"{File}: what was written at byte {Offset} is not there"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{File}: {Bytes} bytes at byte {Offset} cannot be read"),
    };
}
