using System.Collections;
using System.Reflection;
using ProxyKit.Http;

namespace ProxyKit.Tests.Http;

public sealed class HeadTests
{
    [Fact]
    public void A_reset_request_head_is_as_new_in_every_field()
    {
        var head = new RequestHead();
        var bytes = "GET http://a/b?c HTTP/1.1\r\nHost: a\r\n\r\n"u8.ToArray();
        head.Reset(bytes, 0);
        Disturb(head);
        head.TargetRange = new Range(4, 16);
        head.PathRange = head.QueryRange = head.MethodRange = new Range(0, 3);
        _ = head.Target + head.Path + head.Host;
        head.RewriteTarget("/"u8.ToArray(), new Range(0, 1), new Range(1, 1), default);
        head.RewriteMethod("PUT"u8.ToArray());
        head.Release();

        AssertAsNew(new RequestHead(), head);
    }

    [Fact]
    public void A_reset_response_head_is_as_new_in_every_field()
    {
        var head = new ResponseHead();
        head.Reset("HTTP/1.1 200 OK\r\n\r\n"u8.ToArray(), 0);
        Disturb(head);
        head.RewriteStatus(503, "Sorry"u8.ToArray());
        head.Release();

        AssertAsNew(new ResponseHead(), head);
    }

    [Fact]
    public void A_rewritten_target_takes_the_place_of_the_one_that_came()
    {
        var head = new RequestHead();
        head.Reset("GET /old HTTP/1.1\r\n\r\n"u8.ToArray(), 0);
        head.IsStartLineClean = true;
        head.TargetRange = head.PathRange = new Range(4, 8);
        Assert.Equal(("/old", "/old"), (head.Target, head.Path));
        head.RewriteTarget("http://h:1/new?q"u8.ToArray(), new Range(10, 14), new Range(15, 16), new Range(7, 10));

        Assert.Equal(("http://h:1/new?q", "/new", "q", "h:1"), (head.Target, head.Path, head.Query, head.Host));
        Assert.False(head.IsStartLineClean);
    }

    [Fact]
    public void A_rewritten_method_takes_the_place_of_the_one_that_came()
    {
        var head = new RequestHead();
        head.Reset("GET / HTTP/1.1\r\n\r\n"u8.ToArray(), 0);
        head.IsStartLineClean = true;
        head.MethodRange = new Range(0, 3);
        head.RewriteMethod("PUT"u8.ToArray());

        Assert.Equal((RequestMethod.Put, "PUT", false), (head.Method, head.MethodName, head.IsStartLineClean));
    }

    [Fact]
    public void A_rewritten_status_takes_the_place_of_the_one_that_came()
    {
        var head = new ResponseHead();
        head.Reset("HTTP/1.1 200 OK\r\n\r\n"u8.ToArray(), 0);
        head.IsStartLineClean = true;
        head.ReasonRange = new Range(13, 15);
        head.RewriteStatus(503, "Sorry"u8.ToArray());

        Assert.Equal((503, "Sorry", false), (head.Status, head.Reason, head.IsStartLineClean));
    }

    /// <summary>Gives every property that can be set another value than the one it starts with.</summary>
    private static void Disturb(object head)
    {
        foreach (var property in head.GetType().GetProperties(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic))
        {
            object? value = property.PropertyType switch
            {
                { IsEnum: true } type => Enum.GetValues(type).Cast<object>().Last(),
                var type when type == typeof(bool) => true,
                var type when type == typeof(int) => 7,
                var type when type == typeof(ulong) => 7UL,
                var type when type == typeof(Range) => new Range(0, 2),
                _ => null,
            };
            if (value is not null && property.SetMethod is not null)
            {
                property.SetValue(head, value);
            }
        }
    }

    private static void AssertAsNew(object expected, object head)
    {
        foreach (var field in head.GetType().GetFields(BindingFlags.Instance | BindingFlags.NonPublic))
        {
            var value = field.GetValue(head);
            if (value is HeaderBlock headers)
            {
                Assert.Equal((0, 0, true), (headers.Count, headers.TableLength, headers.IsUntouched));
                continue;
            }

            var initial = Initial(head, field, field.GetValue(expected));
            Assert.True(value is ICollection { Count: 0 } || Equals(initial, value), $"{field.Name} is {value}, not {initial}");
        }
    }

    /// <summary>What a field starts with; the protocol of a head is 1.1 until its start line says otherwise.</summary>
    private static object? Initial(object head, FieldInfo field, object? value) => (head, field.FieldType) switch
    {
        (_, var type) when type == typeof(HttpProtocol) => HttpProtocol.Http11,
        (_, var type) when type == typeof(RequestMethod) => RequestMethod.Other,
        _ => value,
    };
}
