using ProxyKit.StickTables;

namespace ProxyKit.Runtime;

/// <summary>Finds what is wrong with a stick table.</summary>
internal static class StickTableOptionsValidator
{
    private const int MostElements = 100;

    public static void Validate(StickTableOptions options, FaultPath path)
    {
        path.CheckName(options.Name);
        path.CheckDefined(nameof(options.KeyType), options.KeyType);
        path.CheckRange(nameof(options.KeyLength), options.KeyLength, 1, 16384);
        path.CheckRange(nameof(options.Size), options.Size, 1, int.MaxValue);
        path.CheckRange(nameof(options.ByteRateFactor), options.ByteRateFactor, 1, 1024);
        path.CheckLimit(nameof(options.Expire), options.Expire);
        foreach (var (data, position) in path.Elements(nameof(options.Store), options.Store))
        {
            var place = path.In(nameof(options.Store), null, position);
            place.CheckDefined(nameof(data.Type), data.Type);
            place.CheckRange(nameof(data.Count), data.Count, 1, StickTableLayout.IsArray(data.Type) ? MostElements : 1);
            if (!StickTableLayout.IsRate(data.Type))
            {
                if (data.Period is not null)
                {
                    place.Add(nameof(data.Period), $"{data.Type} is no rate");
                }
            }
            else if (data.Period is null)
            {
                place.Add(nameof(data.Period), $"{data.Type} is a rate and needs one");
            }
            else
            {
                place.CheckLimit(nameof(data.Period), data.Period);
            }
        }
    }
}
