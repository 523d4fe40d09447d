"""Which settings does a deployment have? The reference page is generated from here and a test finds any other."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Setting:
    """An environment variable: what it sets and what holds when it is unset, in both languages.

    ``tests``: read by the tests alone.
    """

    name: str
    default: str
    zh: str
    en: str
    tests: bool = False


SETTINGS: tuple[Setting, ...] = (
    Setting("XINHENG_MODE", "demo", "运行方式：demo、test、production", "demo, test or production"),
    Setting(
        "XINHENG_HOME",
        ".xinheng in the checkout; a system folder for root",
        "数据库、密钥和账页所在的文件夹",
        "folder of the database, the keys and the checkpoints",
    ),
    Setting("XINHENG_LAW", "the id in lawpacks/default", "法规包的代号或文件夹", "law pack: its id or its folder"),
    Setting("XINHENG_LAWPACKS", "lawpacks in the checkout", "法规包所在的文件夹", "folder of the law packs"),
    Setting(
        "XINHENG_DATABASE_URL",
        "the embedded server",
        "应用角色的数据库地址",
        "address of the database as the application role",
    ),
    Setting(
        "XINHENG_OWNER_DATABASE_URL",
        "the embedded server",
        "属主角色的数据库地址，只用于迁移和授权",
        "address as the owner role, used to migrate and to grant only",
    ),
    Setting(
        "XINHENG_TODAY",
        "unset",
        "业务日期，只在演示和测试中有效",
        "business day; refused outside demo and test mode",
    ),
    Setting("XINHENG_SECRET_KEY", "made in demo and test mode", "会话签名密钥", "key that signs sessions"),
    Setting(
        "XINHENG_DATA_KEYS",
        "made in demo and test mode",
        "数据密钥文件（含各版本）",
        "file of the data keys with their versions",
    ),
    Setting(
        "XINHENG_LEDGER_KEY",
        "made in demo and test mode",
        "台账签名密钥文件",
        "file of the key that signs the ledger",
    ),
    Setting(
        "XINHENG_LEDGER_ORIGIN",
        "a name in .invalid, from the pack",
        "台账的名称，写在每张账页首行",
        "name of the log, first line of every checkpoint",
    ),
    Setting(
        "XINHENG_CHECKPOINT_DIR",
        "checkpoints/<pack> in the home folder",
        "库外保存账页的文件夹，多个用路径分隔符隔开",
        "folders outside the database that witness checkpoints, parted by the path separator",
    ),
    Setting(
        "XINHENG_CRYPTO_SUITE",
        "aes256gcm-sha256",
        "字段加密套件，或 sm4gcm-sm3",
        "suite of the field encryption, or sm4gcm-sm3",
    ),
    Setting("XINHENG_ALLOWED_HOSTS", "this machine", "允许的域名，用逗号隔开", "host names served, parted by commas"),
    Setting("XINHENG_PORT", "8000", "端口", "port"),
    Setting("XINHENG_WORKERS", "2", "服务进程数", "serving processes"),
    Setting(
        "XINHENG_THREADS",
        "16",
        "每个进程的线程数，各占一个数据库连接",
        "threads of each process, each with a database connection",
    ),
    Setting(
        "XINHENG_MAX_UPLOAD_MB",
        "1024",
        "报送文件的上限（MB），分块读取。其他页面最多收1 MB",
        "largest file reported, in MB; it is read block by block. Any other page takes 1 MB",
    ),
    Setting(
        "XINHENG_MAX_CELLS",
        "10000000",
        "一个工作簿中有内容的单元格上限；超过的整份不收，并说明上限",
        "most cells with content in one workbook; a larger one is refused whole, with the limit said",
    ),
    Setting(
        "XINHENG_SCAN_COMMAND",
        "",
        "报送文件先交给这个程序查毒，如clamdscan --fdpass -：文件从标准输入给出，退出码0为无毒，1为有毒，"
        "其他为没有查成；有毒或没有查成的都不收。不设则不查",
        "program that scans every reported file first, such as clamdscan --fdpass -: the file comes on standard input, "
        "exit code 0 means clean, 1 infected, else not scanned; only what is clean is taken in. Empty: no scan",
    ),
    Setting(
        "XINHENG_TOTP",
        "required in production, else offered",
        "工作人员登录要不要动态口令：required必须，offered自愿；正式运行时只能是required",
        "whether staff sign in with the code of an authenticator: required or offered; production takes required only",
    ),
    Setting(
        "XINHENG_PROXIES",
        "127.0.0.1,::1",
        "本单位反向代理的地址，用逗号隔开：从它们来的请求，访问者的地址取X-Forwarded-For的最后一个，只用来限制登录输错的次数",
        "addresses of own reverse proxies, parted by commas: for requests from them the visitor's address is the last "
        "of X-Forwarded-For; it only bounds failures to sign in",
    ),
    Setting(
        "XINHENG_OIDC_ISSUER",
        "unset: nobody is verified by others",
        "核验个人和单位身份的OpenID Connect平台地址；正式运行时要用https",
        "address of the OpenID Connect issuer that verifies persons and organisations; https in production",
    ),
    Setting("XINHENG_OIDC_CLIENT", "unset", "本平台在那里的代号", "the name of this platform there"),
    Setting(
        "XINHENG_OIDC_SECRET",
        "unset",
        "存放本平台密钥的文件，只让服务用户读",
        "file that holds the secret of this platform, readable by the service user only",
    ),
    Setting("XINHENG_OIDC_SCOPE", "openid profile", "请求的范围，用空格隔开", "scopes asked for, parted by spaces"),
    Setting(
        "XINHENG_OIDC_LEVELS",
        "unset: any; production needs it",
        "认可的核验等级（acr的值），用逗号隔开；其他等级不认",
        "levels of verification that are taken (values of acr), parted by commas; any other is refused",
    ),
    Setting(
        "XINHENG_OIDC_CLAIMS",
        "unset",
        "证件号、信用代码和姓名各在哪个声明里，如id=idcard,uscc=org_code,name=name；至少要有id或uscc",
        "which claims hold identity number, credit code and name, as id=idcard,uscc=org_code,name=name; id or uscc is "
        "needed",
    ),
    Setting("XINHENG_SEAL_SECONDS", "10", "封账间隔（秒）", "seconds between two seals of the ledger"),
    Setting("XINHENG_LOG_LEVEL", "WARNING", "日志级别", "level of the log"),
    Setting(
        "XINHENG_TEST_HOME",
        "a folder for temporary files",
        "测试数据库所在的文件夹",
        "folder of the tests' database server",
        tests=True,
    ),
    Setting(
        "XINHENG_TEST_PROFILE",
        "unset",
        "make test 设为 ci，make test-full 设为 full",
        "set to ci by make test, to full by make test-full",
        tests=True,
    ),
    Setting(
        "XINHENG_EVIDENCE",
        "unset: nothing is written",
        "写入测试证据的文件，供生成落实情况",
        "file for what a run proves, merged into the conformance page",
        tests=True,
    ),
    Setting(
        "XINHENG_LAW_USED",
        "unset: nothing is written",
        "记录测试读到了法规包的哪些值",
        "file for the values of law packs that a run reads",
        tests=True,
    ),
    Setting(
        "XINHENG_CHROMIUM", "/usr/bin/chromium", "浏览器测试所用的浏览器", "browser of the browser tests", tests=True
    ),
    Setting(
        "XINHENG_SHOTS", "unset: none are taken", "保存页面截图的文件夹", "folder for pictures of pages", tests=True
    ),
)
