using ProxyKit.Rules.StickCounters;

namespace ProxyKit.Tests.Rules.StickCounters;

public sealed class StatusSetTests
{
    [Theory]
    [InlineData("400-428,430", 400, true)]
    [InlineData("400-428,430", 428, true)]
    [InlineData("400-428,430", 429, false)]
    [InlineData("400-428,430", 430, true)]
    [InlineData("400-428,430", 399, false)]
    [InlineData("100,599", 599, true)]
    [InlineData("", 404, false)]
    [InlineData("400", 0, false)]
    [InlineData("400", 999, false)]
    public void Status_is_in_it_where_it_was_written(string text, int status, bool expected) => Assert.Equal(expected, StatusSet.Parse(text)!.Contains(status));

    [Theory]
    [InlineData("99")]
    [InlineData("600")]
    [InlineData("400-")]
    [InlineData("-400")]
    [InlineData("400-300")]
    [InlineData("400,,401")]
    [InlineData("4xx")]
    [InlineData("400 401")]
    public void Text_that_is_no_list_is_none(string text) => Assert.Null(StatusSet.Parse(text));

    [Theory]
    [InlineData(499, true, false)]
    [InlineData(500, false, true)]
    [InlineData(501, false, false)]
    [InlineData(505, false, false)]
    [InlineData(599, false, true)]
    [InlineData(302, false, false)]
    public void Usual_ones_are_those_of_HAProxy(int status, bool isError, bool isFailure) =>
        Assert.Equal((isError, isFailure), (StatusSet.Errors.Contains(status), StatusSet.Failures.Contains(status)));
}
