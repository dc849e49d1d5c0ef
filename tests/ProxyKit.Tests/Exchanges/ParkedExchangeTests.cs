using System.Reflection;
using System.Runtime.CompilerServices;
using ProxyKit.Exchanges;

namespace ProxyKit.Tests.Exchanges;

public sealed class ParkedExchangeTests
{
    public static TheoryData<string> Kept =>
        [.. typeof(ParkedExchange).GetProperties().Where(static p => p.CanWrite && p.Name != nameof(ParkedExchange.Waiter)).Select(static p => p.Name)];

    [Theory]
    [MemberData(nameof(Kept))]
    public void Object_that_is_used_again_has_nothing_of_the_last_wait(string name)
    {
        var property = typeof(ParkedExchange).GetProperty(name)!; // it has given the name itself
        var parked = new ParkedExchange();
        var fresh = property.GetValue(parked);
        property.SetValue(parked, Some(property.PropertyType));
        Assert.NotEqual(fresh, property.GetValue(parked));

        parked.Reset();

        Assert.Equal(fresh, property.GetValue(parked));
    }

    private static object Some(Type type) => type switch
    {
        _ when type == typeof(bool) => true,
        _ when type == typeof(long) => 1L,
        _ when type == typeof(ReadOnlyMemory<byte>) => new ReadOnlyMemory<byte>(new byte[1]),
        _ when type == typeof((int, int)) => (1, 1),
        _ when type == typeof((long, long)) => (1L, 1L),
        _ when type == typeof((bool, bool)) => (true, true),
        { IsEnum: true } => Enum.ToObject(type, 1),
        { IsArray: true } => Array.CreateInstance(type.GetElementType()!, 1),
        { IsValueType: true } => Changed(type),
        _ => RuntimeHelpers.GetUninitializedObject(type),
    };

    /// <summary>A struct whose first flag is set.</summary>
    private static object Changed(Type type)
    {
        var value = RuntimeHelpers.GetUninitializedObject(type);
        type.GetFields(BindingFlags.NonPublic | BindingFlags.Instance).First(static f => f.FieldType == typeof(bool)).SetValue(value, true);
        return value;
    }
}
