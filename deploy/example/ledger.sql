-- 示例：县里自有的台账，表名列名与本系统不同。只为演示 views.sql 的写法，县里用自己的表。
CREATE SCHEMA taizhang;

CREATE TABLE taizhang.t_quhua (          -- 区划
    qhdm varchar(12) PRIMARY KEY,        -- 代码
    sjdm varchar(12),                    -- 上级代码
    cj int NOT NULL,                     -- 层级：1 县 2 乡镇（街道） 3 村（社区）
    mc text NOT NULL,                    -- 名称
    jc text,                             -- 简称
    lb text,                             -- 街道、镇、乡、村、社区
    czrk int                             -- 常住人口
);
CREATE TABLE taizhang.t_danwei (dwbm text PRIMARY KEY, dwmc text NOT NULL);           -- 单位
CREATE TABLE taizhang.t_zhuanxiang (                                                   -- 专项行动
    bm text PRIMARY KEY, mc text NOT NULL, ksrq date, jsrq date, jzrq date, mbl numeric(5, 2)
);
CREATE TABLE taizhang.t_anjian (         -- 案件，一次办理一行
    ajbh text NOT NULL,                  -- 编号
    cs int NOT NULL DEFAULT 1,           -- 第几次办理，反弹为 2、3……
    qhdm varchar(12) NOT NULL,           -- 乡镇（街道）
    cdm varchar(12),                     -- 村（社区）
    ywlx char(2) NOT NULL,               -- 01 信访积案 02 初信初访 03 矛盾纠纷 04 治理事件
    zxbm text,                           -- 专项行动
    zbdw text NOT NULL DEFAULT '乡镇',   -- 主办：单位编码，或“乡镇”
    djsj timestamp NOT NULL,             -- 登记时间
    slsj timestamp,                      -- 受理时间
    xqrq date,                           -- 限期
    bjsj timestamp,                      -- 办结时间
    bjfs int,                            -- 1 解决到位 2 调解 3 听证终结
    myd char(1),                         -- A 满意 B 基本满意 C 不满意
    zt text NOT NULL DEFAULT '有效',     -- 有效、作废
    PRIMARY KEY (ajbh, cs)
);
CREATE INDEX ON taizhang.t_anjian (qhdm, ajbh, cs);
CREATE TABLE taizhang.t_anjian_dw (ajbh text, cs int, dwbm text, PRIMARY KEY (ajbh, cs, dwbm)); -- 涉及单位
CREATE TABLE taizhang.t_renwu (          -- 重点任务
    rwbm text PRIMARY KEY, xh int, mc text NOT NULL, fw text NOT NULL, qtdw text, ksrq date, wcrq date
);
CREATE TABLE taizhang.t_jindu (          -- 月进度
    qhdm varchar(12), rwbm text, ny char(6), jh numeric(5, 2), sj numeric(5, 2), wt text, bsrq date,
    PRIMARY KEY (qhdm, rwbm, ny)
);
CREATE TABLE taizhang.t_zhibiao (        -- 部门填报的指标
    qhdm varchar(12), zbbm text, ny char(6), fz numeric, fm numeric, fbrq date, PRIMARY KEY (qhdm, zbbm, ny)
);

INSERT INTO taizhang.t_quhua VALUES
    ('330822', NULL, 1, '常山县', '常山', NULL, NULL),
    ('330822001', '330822', 2, '天马街道', '天马', '街道', 60000),
    ('330822104', '330822', 2, '白石镇', '白石', '镇', 20000),
    ('330822001201', '330822001', 3, '天马村', NULL, '村', NULL);
INSERT INTO taizhang.t_danwei VALUES ('XF', '县信访局'), ('ZF', '县综合行政执法局');
INSERT INTO taizhang.t_zhuanxiang VALUES ('BR', '信访积案化解百日攻坚', '2020-06-12', '2020-09-19', '2020-06-12', 90);
INSERT INTO taizhang.t_anjian (ajbh, cs, qhdm, cdm, ywlx, zxbm, zbdw, djsj, slsj, xqrq, bjsj, bjfs, myd, zt) VALUES
    ('J1', 1, '330822001', '330822001201', '01', 'BR', '乡镇', '2020-06-12 09:00', NULL, '2020-08-31', '2020-07-20 17:30', 1, 'A', '有效'),
    ('J2', 1, '330822001', NULL, '01', 'BR', 'XF', '2020-06-12 09:10', NULL, '2020-08-15', NULL, NULL, NULL, '有效'),
    ('J3', 1, '330822001', NULL, '01', 'BR', '乡镇', '2020-06-15 10:00', NULL, '2020-09-19', '2020-07-01 12:00', 3, NULL, '有效'),
    ('J3', 2, '330822001', NULL, '01', 'BR', '乡镇', '2020-08-03 08:30', NULL, '2020-09-19', NULL, NULL, NULL, '有效'),
    ('J4', 1, '330822104', NULL, '01', 'BR', '乡镇', '2020-06-20 14:00', NULL, '2020-08-20', '2020-08-18 16:00', 2, 'B', '有效'),
    ('J5', 1, '330822104', NULL, '01', 'BR', '乡镇', '2020-06-20 14:05', NULL, '2020-08-20', NULL, NULL, NULL, '作废'),
    ('D1', 1, '330822104', NULL, '03', NULL, '乡镇', '2020-08-10 09:00', '2020-08-11 09:00', '2020-09-09', NULL, NULL, NULL, '有效');
INSERT INTO taizhang.t_anjian_dw VALUES ('J2', 1, 'XF'), ('J2', 1, 'ZF'), ('J5', 1, 'ZF');
INSERT INTO taizhang.t_renwu VALUES ('R1', 1, '信访积案化解百日攻坚行动', '乡', 'XF', '2020-06-12', '2020-09-19');
INSERT INTO taizhang.t_jindu VALUES
    ('330822001', 'R1', '202007', 50, 55, NULL, '2020-07-24'), ('330822104', 'R1', '202007', 50, 50, NULL, '2020-07-25'),
    ('330822001', 'R1', '202008', 80, 65, '一案久拖不决', '2020-08-24'), ('330822104', 'R1', '202008', 80, 100, NULL, '2020-08-25');
INSERT INTO taizhang.t_zhibiao VALUES
    ('330822001', 'PA', '202008', 18, 20, '2020-08-28'), ('330822104', 'PA', '202008', 8, 10, '2020-08-28');
