using Sekisho.Smtp;

namespace Sekisho.Server.Tests.Smtp;

public sealed class EsmtpParametersTests
{
    [Fact]
    public void MailParametersAreRead()
    {
        Assert.Null(EsmtpParameters.ReadMail(" size=12345 BODY=8bitmime SMTPUTF8 RET=hdrs ENVID=QQ+3D1", out var p));
        Assert.Equal(new MailParameters(12345, true, true, "HDRS", "QQ+3D1"), p);
        Assert.Null(EsmtpParameters.ReadMail("", out p));
        Assert.Equal(new MailParameters(null, false, false, null, null), p);
    }

    [Theory]
    [InlineData(" SIZE=", 501)]
    [InlineData(" SIZE=-1", 501)]
    [InlineData(" SIZE=999999999999999999999", 501)]
    [InlineData(" SIZE=1 SIZE=2", 501)]
    [InlineData(" BODY=BINARYMIME", 501)]
    [InlineData(" SMTPUTF8=yes", 501)]
    [InlineData(" RET=ALL", 501)]
    [InlineData(" ENVID=a+b", 501)]
    [InlineData(" ENVID=", 501)]
    [InlineData(" AUTH=<>", 555)]
    [InlineData(" XYZZY", 555)]
    public void BadMailParametersAreRefused(string text, int code) => Assert.Equal(code, EsmtpParameters.ReadMail(text, out _)?.Code);

    [Fact]
    public void RcptParametersAreRead()
    {
        Assert.Null(EsmtpParameters.ReadRcpt(" notify=success,failure ORCPT=rfc822;nurse+2Ba@hospital.example", out var p));
        Assert.Equal(new RcptParameters("SUCCESS,FAILURE", "rfc822;nurse+2Ba@hospital.example"), p);
    }

    [Theory]
    [InlineData(" NOTIFY=NEVER,SUCCESS", 501)]
    [InlineData(" NOTIFY=SUCCESS,SUCCESS", 501)]
    [InlineData(" NOTIFY=", 501)]
    [InlineData(" NOTIFY=DELAY NOTIFY=DELAY", 501)]
    [InlineData(" ORCPT=nurse@hospital.example", 501)]
    [InlineData(" ORCPT=rfc822;a b", 555)]
    [InlineData(" SIZE=1", 555)]
    public void BadRcptParametersAreRefused(string text, int code) => Assert.Equal(code, EsmtpParameters.ReadRcpt(text, out _)?.Code);

    [Fact]
    public void AHugeDeclaredSizeDoesNotWrap()
    {
        Assert.Null(EsmtpParameters.ReadMail(" SIZE=18446744073709551615", out var p));
        Assert.Equal(long.MaxValue, p.Size);
    }
}
